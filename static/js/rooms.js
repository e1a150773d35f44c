// The rooms this page is in, in the order they were opened. One of them is shown.
export function rooms() {
  const open = new Map() // slug → view
  let shown = null

  return {
    all: () => [...open.values()],
    get: (slug) => open.get(slug),
    shown: () => shown,

    add(view) {
      open.set(view.slug, view)
    },

    show(view) {
      shown?.hide()
      shown = view
      view.show()
    },

    // Which one to show instead of `view`: what stands after it, else before it; null when it is the only one.
    after(view) {
      const slugs = [...open.keys()]
      const at = slugs.indexOf(view.slug)
      return open.get(slugs[at + 1] ?? slugs[at - 1]) ?? null
    },

    remove(view) {
      open.delete(view.slug)
    },
  }
}
