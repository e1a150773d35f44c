import { markRead, readMark } from './read-marks.js'
import { countUnseen } from './unseen.js'

// What of one room was not read yet in this browser, by the mark that its reader leaves.
//
// log        see timeline.js; me   the member's id
// namesMe    (text) → does it speak of me?
export function unread({ slug, log, me, namesMe }) {
  let epoch = null
  let mentions = new Set() // the numbers of those that speak of me: they outlive what the page lets go of

  const head = () => log.cursor()?.seq ?? null

  function note() {
    const seen = head() === null ? null : readMark(slug, head())
    if (log.cursor()?.epoch !== epoch || seen === null) mentions = new Set()
    epoch = log.cursor()?.epoch
    if (seen === null) return null
    for (const id of mentions) if (id <= seen) mentions.delete(id)
    for (const { id, author, body } of log.messages(seen + 1)) if (author.id !== me && namesMe(body)) mentions.add(id)
    return seen
  }

  return {
    // A room that was never read begins to be read where it stands.
    begin() {
      if (readMark(slug, head()) === null) markRead(slug, head())
    },

    // To be called before anything is let go of.
    note,

    // {count, mentions}: of what was never loaded, nobody knows whom it speaks of.
    look() {
      const seen = note()
      return seen === null ? { count: 0, mentions: 0 } : { count: countUnseen(log, seen, me), mentions: mentions.size }
    },
  }
}
