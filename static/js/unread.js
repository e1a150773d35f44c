import { markRead, readMark } from './read-marks.js'
import { countUnseen } from './unseen.js'

// What of one room was not read yet in this browser, by the mark that its reader leaves.
//
// log        see timeline.js; me   the member's id
// namesMe    (text) → does it speak of me?
export function unread({ slug, log, me, namesMe }) {
  const head = () => log.cursor()?.seq ?? null

  return {
    // A room that was never read begins to be read where it stands.
    begin() {
      if (readMark(slug, head()) === null) markRead(slug, head())
    },

    // {count, mentions}: of what is not loaded, nobody knows whom it speaks of.
    look() {
      const seen = head() === null ? null : readMark(slug, head())
      if (seen === null) return { count: 0, mentions: 0 }
      const since = log.messages(seen + 1).filter(({ author, body }) => author.id !== me && namesMe(body))
      return { count: countUnseen(log, seen, me), mentions: since.length }
    },
  }
}
