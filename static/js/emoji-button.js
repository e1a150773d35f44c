import { onFirstUse } from './on-first-use.js'
import { phrase } from './words.js'

// The button of the emoji. What it opens is fetched with the first click.
//
// tells   take(sign), closed(); signal   ends it
export function emojiButton(nodes, tells, signal) {
  const picker = onFirstUse(async () => (await import('./emoji-picker.js')).emojiPicker(nodes, tells, signal))

  nodes.button.addEventListener('click', async () => {
    try {
      ;(await picker()).toggle()
    } catch {
      nodes.panel.hidden = !nodes.panel.hidden
      nodes.status.textContent = phrase('emoji.missing')
    }
  })
}
