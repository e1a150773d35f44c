import { NoAnswer } from './protocol.js'

const RETRY_MS = 2000
// A push that overtook another is common for a moment; only what stays missing is asked for.
const HEAL_MS = 200
const LEAVE_MS = 2000
// So long a reader looks at nothing.
const AROUND_MS = 5000

// Being in one room over a connection that comes and goes: join with the cursor on every connect, snapshot, then what came
// meanwhile; notice what is missing and fetch it.
//
// state()   {is: 'out' | 'joining' | 'in'}, {is: 'unnamed', refusal} (another name, please) or {is: 'refused', refusal}
// tells     changed() anything to draw; joined(ack); happened(events) of people; typed(members); arrived(message, isLive), new since
//           the first join
export function roomSession({ room, connection, timeline, roster, name, tells }) {
  let state = { is: 'out' }
  let early = []
  let attempt = 0
  let retry = 0
  let healing = false

  function become(next) {
    clearTimeout(retry)
    state = next
    tells.changed()
  }

  const again = (work, ms) => {
    clearTimeout(retry)
    retry = setTimeout(work, ms)
  }

  async function join() {
    const mine = (attempt += 1)
    early = []
    become({ is: 'joining' })
    const since = timeline.cursor()
    try {
      const ack = await connection.ask('room:join', { room, name: name(), ...(since && { since }) })
      if (mine === attempt) enter(ack)
    } catch (error) {
      if (mine === attempt) stayOut(error)
    }
  }

  function enter(ack) {
    timeline.open(ack)
    roster.open(ack)
    state = { is: 'in' }
    tells.joined(ack)
    tellNews()
    early.forEach(([event, payload]) => hear[event](payload))
    become({ is: 'in' })
  }

  function stayOut(error) {
    const later = error.retryAfter ?? RETRY_MS
    if (error instanceof NoAnswer) return connection.state().is === 'ready' ? again(join, later) : become({ is: 'out' })
    if (error.code?.startsWith('name_')) return become({ is: 'unnamed', refusal: error })
    if (error.passing || error.retryAfter || error.code === 'server_error') return again(join, later)
    become({ is: 'refused', refusal: error })
  }

  async function heal() {
    if (healing || state.is !== 'in') return
    healing = true
    try {
      for (let after = timeline.missing(); after !== null && state.is === 'in'; after = timeline.missing()) {
        if (!timeline.fill(await ask('history:fetch', { after_seq: after }))) return join()
        tellNews()
        tells.changed()
        if (timeline.missing() === after) break
      }
    } catch {
      // The reason does not matter: as long as something is missing, it is asked for again.
    } finally {
      healing = false
    }
    if (state.is === 'in' && timeline.missing() !== null) again(heal, RETRY_MS)
  }

  async function ask(event, fields, withinMs) {
    try {
      return await connection.ask(event, { room, ...fields }, withinMs)
    } catch (error) {
      if (error.code === 'not_in_room' && state.is === 'in') join()
      throw error
    }
  }

  function apply(message) {
    timeline.push(message)
    tellNews({ isLive: true })
    if (timeline.missing() !== null) setTimeout(heal, HEAL_MS)
    tells.changed()
  }

  function tellNews({ isLive = false } = {}) {
    for (const message of timeline.takeNews()) tells.arrived(message, isLive)
  }

  const hear = {
    'message:posted': apply,
    'message:changed': apply,
    'members:changed': (digest) => {
      tells.happened(roster.apply(digest))
      tells.changed()
    },
    'typing:changed': ({ members }) => tells.typed(members),
    'room:head': (beacon) => {
      if (!timeline.head(beacon)) join()
      else if (timeline.missing() !== null) setTimeout(heal, HEAL_MS)
    },
  }

  return {
    state: () => state,
    join,
    ask,

    // What the server tells of this room.
    hear(event, payload) {
      if (state.is === 'in') hear[event](payload)
      else if (state.is === 'joining') early.push([event, payload])
    },

    // The link is gone: nothing more is heard until the next join.
    out() {
      attempt += 1
      become({ is: 'out' })
    },

    // My own message, acknowledged.
    settle(message) {
      timeline.settle(message)
      tellNews()
      if (timeline.missing() !== null) setTimeout(heal, HEAL_MS)
      tells.changed()
    },

    // A page of what was said before message `before`, or after number `after`. When it cannot be had now, the reader will come
    // by again.
    async load({ before, after }) {
      const page = await ask('history:fetch', { before, after }).catch(() => null)
      if (page && !(before ? timeline.past(before, page) : timeline.onward(after, page))) join()
      if (page) tells.changed()
    },

    // What was said before and after a number, however far back.
    async loadAround(number) {
      const asks = [{ before: number + 1 }, { after: number }].map((place) => ask('history:fetch', place, AROUND_MS))
      const [older, newer] = await Promise.all(asks).catch(() => [])
      if (older && !timeline.around(number, older, newer)) join()
    },

    async leave() {
      const asked = ask('room:leave', {}, LEAVE_MS).catch(() => {})
      attempt += 1
      become({ is: 'out' })
      await asked
    },
  }
}
