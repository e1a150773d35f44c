import { linkedMessage } from './message-links.js'

// The address of the page is that of the room it shows, and may name a message in it.
export const addressOf = (slug) => `/r/${encodeURIComponent(slug)}`

const addressed = () => decodeURIComponent(location.pathname.split('/')[2])

// Back and forward lead from room to room; to one that is not on the page any more, by its own page.
//
// show(slug)   false when it is not here; goTo(number) a message of the shown room
// returns      toLinked(): to the message that the address names, if it does
export function roomPlace({ show, goTo }) {
  function toLinked() {
    const number = linkedMessage(location.hash)
    if (number) goTo(number)
  }

  addEventListener('popstate', () => show(addressed()) || location.reload())
  // Another room's message is not asked for by going back to where that room was left.
  addEventListener('hashchange', ({ oldURL }) => new URL(oldURL).pathname === location.pathname && toLinked())

  return { toLinked }
}
