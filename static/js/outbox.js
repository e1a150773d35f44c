import { clientId } from './ids.js'
import { Refusal } from './protocol.js'
import { phrase, reason } from './words.js'

const RETRY_MS = 2000
// No ack within this time, and the line says so.
const CONFIRMED_WITHIN_MS = 10_000

// What I wrote in one room and the room has not confirmed. Written to `store` before it is first sent, taken out by an ok ack or
// by me. One tab of the browser sends at a time (`lock`), one message at a time, in the order they were written.
//
// send(entry)   asks message:send; ready() says whether that can be asked now; settled(message) hears each ok ack
// changed()     there is something to draw; told() the store changed, and other tabs should refresh()
// owner         {room, member}: what another person wrote on this browser is not sent in my name
// entry         {client_id, body, written_at_ms, state: 'queued' | 'sending' | 'failed' | 'late', reason?}
export function outbox({ store, lock, owner, send, ready, settled, changed, told, now, pause }) {
  let entries = []
  let draining = false
  let asked = false
  let openedAt = 0 // nothing could be sent before
  let nudge = () => {}
  const orNudged = (promise) => Promise.race([promise, new Promise((resolve) => (nudge = resolve))])

  async function refresh() {
    const kept = await store.all(owner)
    const known = new Map(entries.map((entry) => [entry.client_id, entry]))
    const unkept = entries.filter((entry) => entry.unkept)
    entries = [...kept.map((entry) => merged(entry, known.get(entry.client_id))), ...unkept]
    changed()
  }

  // What the store says, and what only this tab knows: that it is being sent right now, or was tried.
  const merged = (kept, known) => (kept.state === 'queued' && known && known.state !== 'failed' ? { ...kept, ...tried(known) } : kept)
  const tried = ({ state, reason, again_at_ms, asked_at_ms }) => ({ state, reason, again_at_ms, asked_at_ms })

  function mark(client_id, change) {
    entries = entries.map((entry) => (entry.client_id === client_id ? { ...entry, ...change } : entry))
    changed()
  }

  function hide(client_id) {
    entries = entries.filter((entry) => entry.client_id !== client_id)
    changed()
  }

  // Milliseconds to wait before the next attempt; 0 when this message is done with, or somebody is tired of waiting.
  async function attempt({ client_id, body }) {
    mark(client_id, { state: 'sending' })
    try {
      const ack = await orNudged(send({ client_id, body }))
      if (!ack) return 0
      const { message } = ack
      settled({ ...message, client_id })
      hide(client_id)
      await store.remove(client_id)
      told()
      return 0
    } catch (error) {
      const wait = error.retryAfter ?? RETRY_MS
      if (error instanceof Refusal && !error.passing && !error.retryAfter) {
        const end = { state: 'failed', reason: reason(error), code: error.code }
        mark(client_id, end)
        await store.update(client_id, end)
        told()
        return 0
      }
      const refused = error instanceof Refusal
      mark(client_id, { state: 'queued', reason: refused ? reason(error) : undefined, again_at_ms: refused ? now() + wait : undefined })
      return wait
    }
  }

  async function sendAll(isMine) {
    while (ready() && (await isMine())) {
      const [next] = (await store.all(owner)).filter(({ state }) => state === 'queued')
      if (!next) return
      const wait = await attempt(next)
      if (wait && ready()) await orNudged(pause(wait))
    }
  }

  async function drain() {
    asked = true
    if (draining) return
    draining = true
    try {
      while (asked && ready()) {
        asked = false
        await lock(`${owner.room} ${owner.member}`, sendAll)
        await refresh()
      }
    } finally {
      draining = false
    }
  }

  const comesAgain = (ms) => (ms > 0 ? phrase('message.again', { n: Math.ceil(ms / 1000) }) : phrase('message.sending'))

  // As its line shows it: without a link it waits; refused for now, it says why and when it is sent again; else it may be late.
  function shown(entry) {
    const { state, reason: why, again_at_ms: again, asked_at_ms: askedAt = entry.written_at_ms } = entry
    if (state === 'failed') return entry
    if (!ready()) return { ...entry, reason: phrase('message.waiting') }
    if (why) return { ...entry, reason: `${why} ${comesAgain(again - now())}` }
    const isLate = now() - Math.max(askedAt, openedAt) >= CONFIRMED_WITHIN_MS
    return isLate ? { ...entry, state: 'late', reason: phrase('message.late') } : entry
  }

  return {
    refresh,
    keeps: store.keeps,

    entries: () => entries.map(shown),

    // The room is open again: what waits goes out.
    async opened() {
      openedAt = now()
      await refresh()
      await drain()
    },

    // Kept before it returns, as far as the store can; on disk once it resolves.
    async say(body) {
      const entry = { ...owner, client_id: clientId(), body, written_at_ms: now(), state: 'queued' }
      entries = [...entries, { ...entry, unkept: true }]
      changed()
      await store.add(entry)
      mark(entry.client_id, { unkept: false })
      told()
      drain()
    },

    // Sent again at once, what is late too: the same message twice is one message to the room.
    async retry(client_id) {
      const entry = entries.find((candidate) => candidate.client_id === client_id)
      if (!entry) return
      const fresh = entry.code === 'client_id_conflict' ? clientId() : client_id
      const change = { client_id: fresh, state: 'queued', reason: undefined, code: undefined, asked_at_ms: now() }
      mark(client_id, change)
      await store.update(client_id, change)
      told()
      nudge()
      drain()
    },

    // Gone from the page once it is gone for good: a page that dies before sends nothing that was seen discarded.
    async discard(client_id) {
      await store.remove(client_id)
      hide(client_id)
      told()
      nudge()
    },

    // The room was left: whoever comes in next need not wait for what this one waits for.
    stop: () => nudge(),
  }
}
