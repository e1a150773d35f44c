import { readMark } from './read-marks.js'

// How much was said in some rooms since they were read in this browser: slug → count. A room that is not told of, for whatever
// reason, has none.
export async function unreadOf(slugs) {
  try {
    const asked = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ rooms: slugs }) }
    const answer = await fetch('/rooms/heads', asked)
    const heads = answer.ok ? await answer.json() : {}
    return new Map(Object.entries(heads).map(([slug, head]) => [slug, head - (readMark(slug, head) ?? head)]))
  } catch {
    return new Map()
  }
}
