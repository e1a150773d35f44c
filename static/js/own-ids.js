const POINTS = ['for', 'list', 'popovertarget', 'aria-controls', 'aria-describedby', 'aria-labelledby']

// A copy of markup on the same page: its ids, and what points to them, end in `mark`.
export function withOwnIds(node, mark) {
  const ids = new Map(Array.from(node.querySelectorAll('[id]'), ({ id }) => [id, `${id}-${mark}`]))
  for (const part of node.querySelectorAll('*')) {
    if (part.id) part.id = ids.get(part.id)
    for (const name of POINTS) {
      const to = ids.get(part.getAttribute(name))
      if (to) part.setAttribute(name, to)
    }
  }
  return node
}
