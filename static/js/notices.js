import { noticeChoice } from './notice-choices.js'
import { readMark } from './read-marks.js'
import { phrase } from './words.js'

// Longer than another tab takes to write down what was read in it.
const GATHER_MS = 1500
const MOST_CHARS = 200

// Tells of what is said in one room while the page is out of sight, by a notice of the desktop and by a tone, each as it was asked
// for. What comes within a moment is told as one; what was read meanwhile in another tab, not at all.
//
// title()   of the room; namesMe(text) → does it speak of me?; opened() when the notice is clicked
export function notices({ slug, title, namesMe, opened }) {
  let heard = []

  const isSeen = () => document.visibilityState === 'visible'

  async function tell() {
    const fresh = heard.filter(({ seq }) => seq > (readMark(slug) ?? 0))
    heard = []
    if (isSeen()) return
    const wanted = { all: fresh, mentions: fresh.filter(({ body }) => namesMe(body)), none: [] }
    const { desktop, sound } = noticeChoice(slug)
    // Few rooms are told of: the means are fetched when they are first wanted.
    if (wanted[desktop].length) (await import('./desktop-notice.js')).desktopNotice({ ...words(wanted[desktop]), tag: slug }, opened)
    if (wanted[sound].length) (await import('./tone.js')).tone()
  }

  function words(messages) {
    const { author, body } = messages.at(-1)
    if (messages.length === 1) return { title: phrase('notices.said', { name: author.name, room: title() }), body: body.slice(0, MOST_CHARS) }
    return { title: title(), body: phrase('rooms.unread', { n: messages.length }) }
  }

  return {
    // A live message of somebody else. A known one that changed is no news.
    hear(message) {
      if (isSeen() || message.seq !== message.id) return
      if (heard.push(message) === 1) setTimeout(tell, GATHER_MS)
    },
  }
}
