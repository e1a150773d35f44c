import { forgetOpen } from './open-rooms.js'
import { forgetMark } from './read-marks.js'
import { keep, recall } from './storage.js'

// So many may be asked about at once.
const MOST = 50

// The rooms this browser was in, the latest first: {slug, title, seen_at_ms}.
export const recentRooms = () => recall('rooms', [])

export function forgetRoom(slug) {
  keep('rooms', recentRooms().filter((room) => room.slug !== slug))
  forgetMark(slug)
  forgetOpen(slug)
}

export function rememberRoom({ slug, title }, now = Date.now()) {
  const others = recentRooms().filter((room) => room.slug !== slug)
  keep('rooms', [{ slug, title, seen_at_ms: now }, ...others].slice(0, MOST))
}
