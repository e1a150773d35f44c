// Where the phone's keyboard lies over the page instead of making it smaller, the page makes itself smaller. A page that is
// zoomed in stays as it is.
export function aboveKeyboard(viewport, root) {
  if (!viewport) return

  function fit() {
    const isCovered = viewport.scale === 1 && viewport.height < root.clientHeight - 1
    if (isCovered) root.style.setProperty('--view-height', `${viewport.height}px`)
    else root.style.removeProperty('--view-height')
    if (isCovered) window.scrollTo(0, 0)
  }

  viewport.addEventListener('resize', fit)
}
