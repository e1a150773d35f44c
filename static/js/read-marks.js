import { keep, recall } from './storage.js'

// How far each room was read in this browser: the room's number when its reader was last at the end.
const key = (slug) => `read:${slug}`

// In a lively room the number grows with every picture: it is written once in so long, and when the page is left.
const EVERY_MS = 1000
const waiting = new Map() // slug → head
let timer = 0

function write() {
  clearTimeout(timer)
  timer = waiting.size && setTimeout(write, EVERY_MS)
  for (const [slug, head] of waiting) keep(key(slug), head)
  waiting.clear()
}

// null in a room never read to the end, and after its log began anew: then its numbers are lower than the mark.
export function readMark(slug, head = Infinity) {
  const mark = waiting.get(slug) ?? recall(key(slug))
  return Number.isInteger(mark) && mark <= head ? mark : null
}

// Read to the end, where the room's number is `head`.
export function markRead(slug, head) {
  waiting.set(slug, head)
  if (!timer) write()
}

export function forgetMark(slug) {
  waiting.delete(slug)
  keep(key(slug), null)
}

globalThis.document?.addEventListener('visibilitychange', write)
globalThis.addEventListener?.('pagehide', write)
