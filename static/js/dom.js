// The page's own markup, cloned and filled with text. Nothing here, or anywhere else, reads text as markup.
export const part = (root, name) => root.querySelector(`[data-part="${name}"]`)

// All parts of a page by name: data-part="strip-text" is parts(document).stripText
export const parts = (root) =>
  Object.fromEntries(Array.from(root.querySelectorAll('[data-part]'), (node) => [camel(node.dataset.part), node]))

const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())

export const clone = (template) => template.content.firstElementChild.cloneNode(true)

// A sentence of texts and {name}s, each name isolated so that its direction ends with it.
export function tell(node, sentence) {
  node.replaceChildren(
    ...sentence.map((piece) => {
      if (typeof piece === 'string') return piece
      const name = document.createElement('bdi')
      name.className = 'name'
      name.textContent = piece.name
      return name
    }),
  )
}
