import { words } from './words.js'

// What is wrong with the link or the room, as the strip says it: null, or {text, act?, label?, urgent?}.
export function trouble(link, room, { tryNow, reload, away }, now = Date.now()) {
  if (link.is === 'outdated') return { text: words.outdated, act: reload, label: words.reload, urgent: true }
  if (link.is === 'mistaken') return { text: words.mistaken, act: reload, label: words.reload, urgent: true }
  if (link.is === 'waiting') return { text: waiting(link, now), act: tryNow, label: words.now }
  if (link.is !== 'ready') return { text: words.connecting }
  if (room.is === 'refused') return { text: room.refusal.detail, act: away, label: words.toLobby, urgent: true }
  return room.is === 'in' || room.is === 'unnamed' ? null : { text: words.joining }
}

function waiting({ at_ms: at, stopping }, now) {
  const seconds = Math.ceil((at - now) / 1000)
  if (stopping) return words.stopping
  return seconds > 0 ? words.nextTry(seconds) : words.connecting
}
