import { keep, recall } from './storage.js'

// Of what a person wants to hear of each room while they look elsewhere, in this browser: {desktop, sound}, each 'none', 'mentions'
// or 'all'.
const NOTHING = { desktop: 'none', sound: 'none' }
const key = (slug) => `notices:${slug}`

export const noticeChoice = (slug) => ({ ...NOTHING, ...recall(key(slug)) })
export const chooseNotices = (slug, choice) => keep(key(slug), choice)

// Is the room told of in any way? What the browser does not permit is not.
export function isTold(slug) {
  const { desktop, sound } = noticeChoice(slug)
  return sound !== 'none' || (desktop !== 'none' && globalThis.Notification?.permission === 'granted')
}
