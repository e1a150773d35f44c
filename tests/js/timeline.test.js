import assert from 'node:assert/strict'
import { test } from 'node:test'

import { timeline } from '../../static/js/timeline.js'

const ANN = { id: 'a', name: 'Ann' }
const message = (id, more = {}) => ({ room: 'tea', id, seq: id, kind: 'text', author: ANN, body: `m${id}`, sent_at_ms: id, ...more })
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => message(from + at))
const snapshot = (messages, head, more = {}) => ({ epoch: 'e', head, messages, complete: true, reset: false, ...more })
const ids = (log) => log.messages().map(({ id }) => id)

function opened(messages, head = messages.at(-1)?.id ?? 0) {
  const log = timeline()
  log.open(snapshot(messages, head))
  return log
}

test('the next number is applied', () => {
  const log = opened(range(1, 3))

  log.push(message(4))

  assert.deepEqual(ids(log), [1, 2, 3, 4])
  assert.deepEqual(log.cursor(), { epoch: 'e', seq: 4 })
  assert.equal(log.missing(), null)
})

test('a number known already is dropped', () => {
  const log = opened(range(1, 3))

  log.push(message(3, { body: 'again' }))

  assert.equal(log.messages()[2].body, 'm3')
})

test('a later number is held until what is missing came', () => {
  const log = opened(range(1, 3))

  log.push(message(6))
  assert.deepEqual(ids(log), [1, 2, 3])
  assert.equal(log.missing(), 3)

  log.fill({ messages: [message(4), message(5)], head: 5, epoch: 'e', more: false })
  assert.deepEqual(ids(log), [1, 2, 3, 4, 5, 6])
  assert.equal(log.missing(), null)
})

test('a held number shows as soon as the one before it is pushed', () => {
  const log = opened(range(1, 3))
  log.push(message(5))

  log.push(message(4))

  assert.deepEqual(ids(log), [1, 2, 3, 4, 5])
})

test('news is what came after the first snapshot, once, whichever way it came', () => {
  const log = opened(range(1, 3))
  const news = () => log.takeNews().map(({ id }) => id)
  assert.deepEqual(news(), [])

  log.push(message(4))
  log.push(message(4))
  log.push(message(2, { seq: 5, body: 'edited' }))
  assert.deepEqual(news(), [4])

  log.push(message(8))
  assert.deepEqual(news(), [], 'held')
  log.fill({ messages: [message(6), message(7)], head: 7, epoch: 'e', more: false })
  assert.deepEqual(news(), [6, 7, 8])

  log.open(snapshot(range(9, 10), 10))
  assert.deepEqual(news(), [9, 10], 'said while the link was gone')
  log.open(snapshot(range(98, 100), 100, { complete: false }))
  assert.deepEqual(news(), [98, 99, 100])
  log.past(98, { messages: range(50, 97), more: true, epoch: 'e' })
  log.open(snapshot([message(1)], 1, { epoch: 'f', reset: true }))
  assert.deepEqual(news(), [], 'pages of history, and another log')
})

test('a page of changes that is not the last moves the cursor only as far as it reaches', () => {
  const log = opened(range(1, 3))
  log.head({ epoch: 'e', head: 9 })

  log.fill({ messages: [message(4), message(5)], head: 9, epoch: 'e', more: true })

  assert.equal(log.missing(), 5)
})

test('the beacon alone shows that a push was lost', () => {
  const log = opened(range(1, 3))

  assert.equal(log.head({ epoch: 'e', head: 5 }), true)

  assert.equal(log.missing(), 3)
})

test('a beacon or a page of another log is not believed', () => {
  const log = opened(range(1, 3))

  assert.equal(log.head({ epoch: 'other', head: 5 }), false)
  assert.equal(log.fill({ messages: [message(4)], head: 4, epoch: 'other', more: false }), false)
  assert.equal(log.past(1, { messages: [], epoch: 'other', more: false }), false)

  assert.deepEqual(ids(log), [1, 2, 3])
  assert.equal(log.missing(), null)
})

test('my own message shows at once, even before earlier numbers', () => {
  const log = opened(range(1, 3))

  log.settle(message(5, { client_id: 'c5' }))

  assert.deepEqual(ids(log), [1, 2, 3, 5])
  assert.equal(log.missing(), 3)
  log.push(message(4))
  assert.deepEqual(ids(log), [1, 2, 3, 4, 5])
  assert.deepEqual(log.cursor(), { epoch: 'e', seq: 5 })
})

test('a change takes the place of what it changes, and an older state never comes back', () => {
  const log = opened(range(1, 3))

  log.push(message(2, { seq: 4, body: 'edited' }))
  log.past(3, { messages: [message(2)], epoch: 'e', more: true })

  assert.deepEqual(ids(log), [1, 2, 3])
  assert.equal(log.messages()[1].body, 'edited')
})

test('a change keeps the client_id that tells my line apart', () => {
  const log = opened([message(1, { client_id: 'mine' })])

  log.push(message(1, { seq: 2 }))

  assert.equal(log.messages()[0].client_id, 'mine')
})

test('coming back with the cursor adds only what was missed', () => {
  const log = opened(range(1, 3))

  log.open(snapshot(range(4, 5), 5))

  assert.deepEqual(ids(log), [1, 2, 3, 4, 5])
  assert.deepEqual(log.gaps(), [])
})

test('too much was missed: the newest page stands after a gap, which history closes', () => {
  const log = opened(range(1, 3))

  log.open(snapshot(range(98, 100), 100, { complete: false }))
  assert.deepEqual(log.gaps(), [{ after: 3, before: 98 }])
  assert.equal(log.missing(), null)

  log.past(98, { messages: range(50, 97), epoch: 'e', more: true })
  assert.deepEqual(log.gaps(), [{ after: 3, before: 50 }])

  log.past(50, { messages: range(2, 49), epoch: 'e', more: true })
  assert.deepEqual(log.gaps(), [])
  assert.deepEqual(ids(log), range(1, 100).map(({ id }) => id))
})

test('a message that came early does not hide the gap before it', () => {
  const log = opened(range(1, 3))
  log.settle(message(90))

  log.open(snapshot(range(98, 100), 100, { complete: false }))

  assert.deepEqual(log.gaps(), [{ after: 3, before: 98 }])
})

test('a message that came early into an empty room does not pass for its beginning', () => {
  const log = opened([])
  log.settle(message(2))

  log.open(snapshot(range(4, 6), 6, { complete: false }))

  assert.deepEqual(log.gaps(), [{ after: 0, before: 4 }])
})

test('a page that follows without a hole makes no gap', () => {
  const log = opened(range(1, 3))

  log.open(snapshot(range(4, 6), 6, { complete: false }))

  assert.deepEqual(log.gaps(), [])
})

test('a reset forgets everything shown', () => {
  const log = opened(range(1, 3))

  log.open(snapshot([message(1, { body: 'new log' })], 1, { epoch: 'f', reset: true }))

  assert.deepEqual(log.messages().map(({ body }) => body), ['new log'])
  assert.deepEqual(log.cursor(), { epoch: 'f', seq: 1 })
})

test('older messages are there until a page says that it was the first', () => {
  const log = opened(range(51, 60), 60)
  assert.equal(log.older(), true)

  log.past(51, { messages: range(1, 50), epoch: 'e', more: false })

  assert.equal(log.older(), false)
  assert.equal(log.first(), 1)
})

test('what is let go of is as good as never loaded, and comes back page by page', () => {
  const log = opened(range(1, 60))

  log.trim(10)
  assert.deepEqual(ids(log), ids(opened(range(51, 60))))
  assert.equal(log.older(), true)
  log.push(message(61))
  log.past(51, { messages: range(1, 50), epoch: 'e', more: false })

  assert.deepEqual(ids(log), ids(opened(range(1, 61))))
  assert.equal(log.older(), false)
})

test('a page asked for before its place was let go of makes no hole', () => {
  const log = opened(range(51, 100))

  log.trim(10)
  log.past(51, { messages: range(1, 50), epoch: 'e', more: false })

  assert.deepEqual(ids(log), ids(opened(range(91, 100))))
  assert.equal(log.older(), true)
})

test('a gap among what is let go of goes with it', () => {
  const log = opened(range(1, 5))
  log.open(snapshot(range(2000, 2049), 2049, { complete: false }))

  log.trim(50)

  assert.deepEqual(log.gaps(), [{ after: 0, before: 2000 }])
  assert.equal(log.first(), 2000)
})

test('a change to a message that is not loaded waits for its page', () => {
  const log = opened(range(51, 60), 60)

  log.push(message(7, { seq: 61, body: 'edited' }))

  assert.equal(log.first(), 51)
  assert.deepEqual(log.cursor(), { epoch: 'e', seq: 61 })
})

test('nothing is applied before the snapshot', () => {
  const log = timeline()

  log.push(message(1))
  log.settle(message(1))

  assert.deepEqual(log.messages(), [])
  assert.equal(log.missing(), null)
})

// Any order of arrival, with losses healed by "changes since", ends in the same view as a fresh snapshot.
test('snapshot and changes make a fresh snapshot, in any order of arrival', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = generator(seed)
    const pick = (n) => Math.floor(random() * n)
    const state = new Map()
    const changesSince = (seq) => [...state.values()].filter((one) => one.seq > seq).sort((a, b) => a.seq - b.seq)
    let head = 0
    const log = opened([])
    let wire = []
    for (let step = 0; step < 60; step += 1) {
      head += 1
      const known = [...state.keys()]
      const id = known.length && random() < 0.3 ? known[pick(known.length)] : head
      const change = message(id, { seq: head, body: `${head}` })
      state.set(id, change)
      if (random() < 0.9) wire.push(change)
      if (random() < 0.1) log.settle(change)
      while (wire.length && random() < 0.6) log.push(wire.splice(pick(Math.min(3, wire.length)), 1)[0])
      if (random() < 0.1 && log.missing() !== null) {
        const rest = changesSince(log.missing())
        const page = rest.slice(0, 5)
        log.fill({ messages: page, head, epoch: 'e', more: rest.length > page.length })
      }
      if (random() < 0.05) log.open(snapshot(changesSince(log.cursor().seq), head))
    }
    wire.forEach(log.push)
    log.head({ epoch: 'e', head })
    if (log.missing() !== null) log.fill({ messages: changesSince(log.missing()), head, epoch: 'e', more: false })

    const fresh = [...state.values()].sort((a, b) => a.id - b.id).map(({ id, body }) => [id, body])
    assert.deepEqual(log.messages().map(({ id, body }) => [id, body]), fresh, `seed ${seed}`)
    assert.deepEqual(log.cursor(), { epoch: 'e', seq: head }, `seed ${seed}`)
  }
})

function generator(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
