import { understood } from './commands.js'
import { phrase, reason } from './words.js'

const TYPING_MS = 3000
// From here on the number of characters left is shown.
const NEAR_LIMIT = 200

// The box I write in. Enter sends, Shift+Enter breaks the line, Ctrl or Cmd with Enter always sends; on touch, Enter breaks the
// line and the button sends. `say` has the text safe before it returns, so the draft is done with at once.
//
// commands   {nick(name), help()}; a promise that rejects with {detail} leaves the text where it is
export function composer({ form, box, send, hint }, { limit, draft, say, commands, typing, touch, word }) {
  let toldAt = 0
  let refusal = ''
  box.enterKeyHint = touch ? 'enter' : 'send'

  const length = () => Array.from(box.value).length

  function look() {
    const left = limit - length()
    send.disabled = left < 0 || !box.value.trim()
    hint.textContent = left < 0 ? phrase('composer.too_long', { n: -left }) : refusal || (left <= NEAR_LIMIT ? phrase('composer.left', { n: left }) : word())
    hint.classList.toggle('composer__hint--alarm', left < 0 || refusal !== '')
    grow()
  }

  function grow() {
    if (CSS.supports('field-sizing', 'content')) return
    box.style.height = 'auto'
    box.style.height = `${box.scrollHeight + 2}px`
  }

  function submit() {
    look()
    if (send.disabled) return
    const { say: text, command, rest, unknown } = understood(box.value)
    if (unknown !== undefined) refuse(phrase('composer.unknown_command', { command: unknown }))
    else if (command) obey(command, rest)
    else {
      clear()
      toldAt = 0
      say(text)
      draft.write('')
    }
  }

  function clear() {
    box.value = ''
    look()
    box.focus()
  }

  function refuse(why) {
    refusal = why
    look()
  }

  async function obey(command, rest) {
    const typed = box.value
    try {
      await commands[command](rest)
    } catch (error) {
      return refuse(reason(error))
    }
    if (box.value !== typed) return
    clear()
    draft.write('')
  }

  box.addEventListener('input', () => {
    draft.write(box.value)
    refusal = ''
    look()
    if (!box.value.trim() || Date.now() - toldAt < TYPING_MS) return
    toldAt = Date.now()
    typing()
  })

  box.addEventListener('keydown', (event) => {
    // 229: Safari ends a composition before it tells of the Enter that ended it.
    if (event.key !== 'Enter' || event.defaultPrevented || event.isComposing || event.keyCode === 229) return
    if (event.ctrlKey || event.metaKey || (!event.shiftKey && !touch)) {
      event.preventDefault()
      submit()
    }
  })

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit()
  })

  // What was typed before this came to life is newer than the draft.
  if (box.value) draft.write(box.value)
  else box.value = draft.text()
  look()
  if (!touch) box.focus()

  // Where the caret is.
  function insert(text) {
    box.focus()
    box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end')
    box.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }

  // A word of its own.
  function mention(name) {
    insert(`${/\S$/.test(box.value.slice(0, box.selectionStart)) ? ' ' : ''}@${name} `)
  }

  return { look, insert, mention, focus: () => box.focus() }
}
