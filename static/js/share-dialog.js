import { copyText, isThisMachine } from './share.js'
import { phrase } from './words.js'

// A link on its way to somebody: copied at once, and shown; that of a room with its picture for a phone's camera and, where there
// is one, the device's own way to send it. Where no page may copy, the link is there to be copied by hand.
export function shareDialog({ dialog, note, field, onlyHere, code, picture, send }) {
  let shared = null

  function show(link, isCopied) {
    note.textContent = phrase(isCopied ? 'share.copied_link' : 'share.by_hand')
    field.value = link
    dialog.showModal()
    field.select()
  }

  picture.addEventListener('error', () => (code.hidden = true))
  // Whoever closes the device's own dialog has changed their mind: nothing went wrong.
  send.addEventListener('click', () => navigator.share(shared).catch(() => {}))

  return {
    async room({ link, slug, title }) {
      const isCopied = await copyText(link)
      shared = { title, url: link }
      const isOnlyHere = isThisMachine(new URL(link).hostname)
      onlyHere.hidden = !isOnlyHere
      code.hidden = isOnlyHere
      if (!isOnlyHere) picture.src = `/r/${encodeURIComponent(slug)}/code.svg`
      send.hidden = !navigator.share
      show(link, isCopied)
    },

    // True when it was copied, and there is nothing to show.
    async message(link) {
      if (await copyText(link)) return true
      onlyHere.hidden = code.hidden = send.hidden = true
      show(link, false)
      return false
    },
  }
}
