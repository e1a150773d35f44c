import { keep, recall } from './storage.js'

// How far each room was read in this browser: the room's number when its reader was last at the end.
const key = (slug) => `read:${slug}`

// null in a room never read to the end, and after its log began anew: then its numbers are lower than the mark.
export function readMark(slug, head = Infinity) {
  const mark = recall(key(slug))
  return Number.isInteger(mark) && mark <= head ? mark : null
}

// Read to the end, where the room's number is `head`.
export const markRead = (slug, head) => keep(key(slug), head)

export const forgetMark = (slug) => keep(key(slug), null)
