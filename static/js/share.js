import { phrase } from './words.js'

const COPIED_MS = 2000

// Text into the clipboard. Browsers withhold the clipboard's interface on a plain-HTTP address; an old command often works there.
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelected(text)
  }
}

function copySelected(text) {
  const focused = document.activeElement
  const box = document.createElement('textarea')
  box.value = text
  box.className = 'visually-hidden'
  document.body.append(box)
  box.select()
  const copied = document.execCommand('copy')
  box.remove()
  focused?.focus()
  return copied
}

// The same, and `word` says what came of it; where no page may copy, what `source` shows is selected.
export async function copyFrom(source, text, word) {
  const copied = await copyText(text)
  if (!copied) getSelection().selectAllChildren(source)
  word.textContent = phrase(copied ? 'share.copied' : 'share.selected')
  setTimeout(() => (word.textContent = phrase('message.copy')), COPIED_MS)
}

// A link by this host leads everybody to their own machine.
export const isThisMachine = (host) => /^(localhost|127\.[\d.]+|\[::1\])$/.test(host)
