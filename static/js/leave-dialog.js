import { phrase } from './words.js'

// Asks before a room is left that does not have all I wrote.
export function leaveDialog({ dialog, text, yes }) {
  let agreed = false

  yes.addEventListener('click', () => {
    agreed = true
    dialog.close()
  })

  return {
    // unsent   how many messages; keeps   they are in this browser when the page is gone. True: leave
    async agrees({ unsent, keeps }) {
      agreed = false
      text.textContent = phrase(keeps ? 'leave.kept' : 'leave.lost', { n: unsent })
      if (!dialog.open) dialog.showModal()
      await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }))
      return agreed
    },
  }
}
