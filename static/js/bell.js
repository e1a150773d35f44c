import { onFirstUse } from './on-first-use.js'
import { reason } from './words.js'

// The bell in the head of a room. Its menu is fetched when it is first opened.
export function bell(nodes, tells) {
  const menu = onFirstUse(async () => (await import('./notices-menu.js')).noticesMenu(nodes, tells))

  nodes.menu.addEventListener('beforetoggle', async ({ newState }) => {
    if (newState !== 'open') return
    try {
      ;(await menu()).look()
    } catch (error) {
      nodes.why.textContent = reason(error)
    }
  })
}
