import { clientId } from './ids.js'
import { isTold, noticeChoice } from './notice-choices.js'
import { readMark } from './read-marks.js'
import { phrase } from './words.js'

// Longer than another tab takes to write down what was read in it, or to say that it heard the same.
const GATHER_MS = 1500
const MOST_CHARS = 200
const MOST_CLAIMS = 500

// Tells of what is said in one room while the page is out of sight, by a notice of the desktop and by a tone, each as it was asked
// for. What comes within a moment is told as one; what was read meanwhile in another tab, not at all. Of several tabs in the room
// one tells: each says at once what it heard, and the first by name has it; one that is looked at comes before all and keeps silent.
//
// title()   of the room; namesMe(text) → does it speak of me?; opened() when the notice is clicked; signal   ends it
export function notices({ slug, title, namesMe, opened, signal }) {
  const tabs = new BroadcastChannel(`chat-notices ${slug}`)
  const name = clientId()
  let heard = []
  let claims = [] // {seq, by}: what other tabs heard

  const isSeen = () => document.visibilityState === 'visible'

  async function tell() {
    const fresh = heard.filter(({ seq }) => seq > (readMark(slug) ?? 0) && !claims.some((claim) => claim.seq === seq && claim.by < name))
    heard = []
    claims = []
    if (isSeen() || signal.aborted) return
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

  tabs.addEventListener('message', ({ data }) => {
    claims = [...claims.slice(1 - MOST_CLAIMS), data]
  })
  signal.addEventListener('abort', () => tabs.close())

  return {
    // A new message of somebody else.
    hear(message) {
      if (!isTold(slug)) return
      tabs.postMessage({ seq: message.seq, by: isSeen() ? '' : name })
      if (!isSeen() && heard.push(message) === 1) setTimeout(tell, GATHER_MS)
    },
  }
}
