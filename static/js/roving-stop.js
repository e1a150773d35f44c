// Many buttons that do alike are one stop of Tab: the one last used, or the first. Up, Down, Home and End go to the others.
export function rovingStop(list, selector) {
  const all = () => Array.from(list.querySelectorAll(selector))
  const stop = () => list.querySelector(`${selector}[tabindex="0"]`)

  list.addEventListener('focusin', ({ target }) => {
    if (!target.matches(selector)) return
    stop()?.setAttribute('tabindex', '-1')
    target.tabIndex = 0
  })

  list.addEventListener('keydown', (event) => {
    const nodes = all()
    const at = nodes.indexOf(event.target)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: nodes.length - 1 }[event.key]
    if (at < 0 || next === undefined) return
    event.preventDefault()
    nodes[next]?.focus()
  })

  return {
    first: () => list.querySelector(selector),

    // After a change of the list.
    settle() {
      if (!stop()) this.first()?.setAttribute('tabindex', '0')
    },
  }
}
