const PATIENCE_MS = 2000

// One line above the talk that says what is wrong and what can be done. Hidden while all is well, and for the first two seconds:
// most trouble is over by then.
//
// trouble()   null, or {text, act?, label?, urgent?}; asked again twice a second while there is trouble
export function strip({ strip: node, text, button }, trouble) {
  let since = 0
  let timer = 0
  let act = null

  button.addEventListener('click', () => act?.())

  function look() {
    clearTimeout(timer)
    const now = trouble()
    if (!now) {
      since = 0
      node.hidden = true
      return
    }
    since ||= Date.now()
    timer = setTimeout(look, 500)
    if (!now.urgent && Date.now() - since < PATIENCE_MS) return
    if (text.textContent !== now.text) text.textContent = now.text
    button.hidden = !now.act
    button.textContent = now.label ?? ''
    act = now.act
    node.hidden = false
  }

  return { look }
}
