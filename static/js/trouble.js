import { phrase, reason } from './words.js'

// What is wrong with the link or the room, as the strip says it: null, or {text, act?, label?, urgent?}.
export function trouble(link, room, { tryNow, reload, leave }, now = Date.now()) {
  if (link.is === 'outdated') return { text: phrase('strip.outdated'), act: reload, label: phrase('strip.reload'), urgent: true }
  if (link.is === 'mistaken') return { text: phrase('strip.mistaken'), act: reload, label: phrase('strip.reload'), urgent: true }
  if (link.is === 'waiting') return { text: waiting(link, now), act: tryNow, label: phrase('strip.now') }
  if (link.is !== 'ready') return { text: phrase('strip.connecting') }
  if (room.is === 'refused') return { text: reason(room.refusal), act: leave, label: phrase('room.leave'), urgent: true }
  if (room.is !== 'in' && room.is !== 'unnamed') return { text: phrase('strip.joining') }
  return link.degraded ? { text: phrase('strip.degraded') } : null
}

function waiting({ at_ms: at, stopping }, now) {
  const seconds = Math.ceil((at - now) / 1000)
  if (stopping) return phrase('strip.stopping')
  return seconds > 0 ? phrase('strip.next_try', { n: seconds }) : phrase('strip.connecting')
}
