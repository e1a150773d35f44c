import { clone, part } from './dom.js'
import { phrase } from './words.js'

// What a word may become, offered while it is written; what needs no letter first, with Tab. Up, Down and a click choose; Enter and
// Tab take; Escape closes. A box of several lines is no combobox to a browser: it keeps its role and says the rest of it.
//
// sources   as in completion-sources.js, asked in this order
export function completions({ box, list, status, template }, sources) {
  let found = null
  let chosen = 0
  let refused = '' // closed with Escape while this was written

  const before = () => box.value.slice(0, box.selectionStart)
  const isOpen = () => !list.hidden

  function look(asked) {
    if (box.selectionStart !== box.selectionEnd) return close()
    if (found?.text === before()) return
    found = before() === refused ? null : offered(asked)
    if (!found) return close()
    if (found.closed) return take()
    show()
    choose(0)
    status.textContent = phrase('composer.matching', { n: found.options.length })
  }

  function offered(asked) {
    for (const source of sources) {
      const written = source.begun(before(), asked)
      if (!written) continue
      const options = source.options(written, () => document.activeElement === box && look(asked))
      return options.length ? { ...written, options, title: source.title, text: before() } : null
    }
    return null
  }

  function show() {
    list.replaceChildren(...found.options.map(option))
    list.setAttribute('aria-label', found.title)
    list.hidden = false
    box.setAttribute('aria-controls', list.id)
  }

  function option({ label }, at) {
    const node = clone(template)
    part(node, 'label').textContent = label
    node.id = `${list.id}-${at}`
    return node
  }

  function choose(at) {
    chosen = (at + found.options.length) % found.options.length
    Array.from(list.children).forEach((node, number) => node.setAttribute('aria-selected', String(number === chosen)))
    box.setAttribute('aria-activedescendant', list.children[chosen].id)
  }

  function close() {
    found = null
    list.hidden = true
    status.textContent = ''
    box.removeAttribute('aria-controls')
    box.removeAttribute('aria-activedescendant')
  }

  function take() {
    const { from, options, closed } = found
    const { text } = options[closed ? 0 : chosen]
    close()
    box.setRangeText(text, from, box.selectionStart, 'end')
    box.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }

  const keys = {
    ArrowDown: () => choose(chosen + 1),
    ArrowUp: () => choose(chosen - 1),
    Enter: take,
    Tab: take,
    Escape() {
      refused = before()
      close()
    },
  }

  // Before the box's own keys: Enter takes what is chosen and sends nothing.
  box.addEventListener(
    'keydown',
    (event) => {
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
      if (isOpen() && Object.hasOwn(keys, event.key)) keys[event.key]()
      else if (event.key === 'Tab' && asksForOne()) return event.preventDefault()
      else return
      event.preventDefault()
      event.stopImmediatePropagation()
    },
    { capture: true },
  )

  // Tab goes on to the next control unless there is something to complete.
  function asksForOne() {
    look(true)
    if (found?.options.length === 1) take()
    else return isOpen()
    return true
  }

  const lookAgain = () => look(isOpen() && !found.at)
  box.addEventListener('input', (event) => event.isComposing || lookAgain())
  box.addEventListener('selectionchange', () => isOpen() && lookAgain())
  box.addEventListener('blur', close)
  // Not the focus: the box keeps it, and the phone its keyboard.
  list.addEventListener('pointerdown', (event) => event.preventDefault())
  list.addEventListener('click', ({ target }) => {
    const node = target.closest('[role=option]')
    if (!node) return
    choose(Array.from(list.children).indexOf(node))
    take()
  })
}
