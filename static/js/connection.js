import { delay } from './backoff.js'
import { NoAnswer, PATH, Refusal, VERSION } from './protocol.js'

const ANSWER_MS = 10_000
// The server pings every 7 s. A longer silence is a dead link, whatever the socket believes after a sleep.
const SILENCE_MS = 15_000

// One Socket.IO connection that comes back by itself until it is closed.
//
// state()  {is: 'connecting' | 'ready' | 'closed' | 'outdated' | 'mistaken' (the server knows another than `member` here), degraded?: a part of the server is out of reach} or {is: 'waiting', at_ms, stopping}: the next try is at `at_ms`
// ask()    resolves with an ok ack; rejects with Refusal or NoAnswer, and never sends later what it could not send now
export function connection({ io, member, changed }) {
  const socket = io({
    path: PATH,
    transports: ['websocket'],
    auth: { v: VERSION },
    autoConnect: false,
    reconnection: false,
    timeout: ANSWER_MS,
  })
  let limits = { min_ms: 500, max_ms: 10_000 }
  let state = { is: 'closed' }
  let tries = 0
  let heardAt = 0
  let restartMs = null
  let timer = 0

  function become(next) {
    clearTimeout(timer)
    state = next
    changed(state)
  }

  function connect() {
    become({ is: 'connecting' })
    // A server that takes the connection and then says nothing counts as away.
    timer = setTimeout(drop, 2 * ANSWER_MS)
    socket.connect()
  }

  function wait() {
    const pause = restartMs ?? delay(tries, limits)
    become({ is: 'waiting', at_ms: Date.now() + pause, stopping: restartMs !== null })
    timer = setTimeout(connect, pause)
    tries += 1
    restartMs = null
  }

  function drop() {
    socket.disconnect()
    if (state.is !== 'waiting') wait()
  }

  socket.on('session:ready', (session) => {
    limits = session.reconnect
    tries = 0
    if (session.member.id === member) return become({ is: 'ready', session })
    become({ is: 'mistaken' })
    socket.disconnect()
  })
  socket.on('server:changed', ({ degraded }) => {
    state = { ...state, degraded }
  })
  socket.on('server:stopping', ({ reconnect_in_ms: ms }) => {
    restartMs = ms
  })
  socket.on('connect_error', ({ data }) => {
    if (data?.code === 'upgrade_required') become({ is: 'outdated' })
    else if (state.is === 'connecting') wait()
  })
  socket.on('disconnect', () => {
    if (state.is === 'ready' || state.is === 'connecting') wait()
  })
  for (const sign of ['ping', 'open']) {
    socket.io.on(sign, () => {
      heardAt = Date.now()
    })
  }

  return {
    state: () => state,
    on: (event, hear) => socket.on(event, hear),

    open() {
      if (state.is === 'closed') connect()
    },

    close() {
      become({ is: 'closed' })
      socket.disconnect()
    },

    // Try at once instead of at the appointed time; and do not trust a link that has been silent for long.
    now() {
      if (state.is === 'ready' && Date.now() - heardAt > SILENCE_MS) {
        become({ is: 'closed' })
        socket.disconnect()
        connect()
      } else if (state.is === 'waiting') connect()
    },

    async ask(event, payload, withinMs = ANSWER_MS) {
      if (state.is !== 'ready') throw new NoAnswer(event)
      let answer
      try {
        answer = await socket.timeout(withinMs).emitWithAck(event, payload)
      } catch {
        throw new NoAnswer(event)
      }
      if (answer.ok) return answer
      throw new Refusal(answer.error, payload)
    },
  }
}
