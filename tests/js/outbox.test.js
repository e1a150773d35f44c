import assert from 'node:assert/strict'
import { test } from 'node:test'

import './files.js'
import { outbox } from '../../static/js/outbox.js'
import { NoAnswer, Refusal } from '../../static/js/protocol.js'
import { senderLock } from '../../static/js/sender-lock.js'

const OWNER = { room: 'tea', member: 'me' }
const refusal = (code, retry_after_ms) => new Refusal({ code, detail: `${code}!`, retry_after_ms })
const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

// What tabs of one browser share.
function cupboard() {
  let kept = []
  const leases = new Map()
  return {
    keeps: () => true,
    all: async ({ room, member }) => kept.filter((entry) => entry.room === room && entry.member === member),
    add: async (entry) => void kept.push({ ...entry }),
    update: async (client_id, change) => void (kept = kept.map((entry) => (entry.client_id === client_id ? { ...entry, ...change } : entry))),
    remove: async (client_id) => void (kept = kept.filter((entry) => entry.client_id !== client_id)),
    async claim(name, holder, ms) {
      const lease = leases.get(name)
      if (lease && lease.holder !== holder && lease.until > Date.now()) return false
      leases.set(name, { holder, until: Date.now() + ms })
      return true
    },
    release: async (name, holder) => void (leases.get(name)?.holder === holder && leases.delete(name)),
  }
}

// A room that confirms what it is sent, unless told how to answer next.
function room() {
  const answers = []
  const heard = []
  const known = new Map()
  return {
    heard,
    answers,
    bodies: () => [...known.values()].map(({ body }) => body),
    async send({ client_id, body }) {
      heard.push(body)
      const answer = answers.shift()
      if (answer instanceof Refusal) throw answer
      const duplicate = known.has(client_id)
      if (!duplicate) known.set(client_id, { id: known.size + 1, body })
      if (answer instanceof NoAnswer) throw answer
      return { message: known.get(client_id), duplicate }
    },
  }
}

function tab({ store, tea, link = { up: true }, owner = OWNER, pause, clock = { ms: 7 }, lock }) {
  const settled = []
  const pauses = []
  const noted = (ms) => (pauses.push(ms), pause?.(ms) ?? Promise.resolve())
  const box = outbox({
    store, owner, pause: noted,
    lock: lock ?? senderLock({ store, pause: () => settle() }),
    send: tea.send,
    ready: () => link.up,
    settled: (message) => settled.push(message),
    changed() {},
    told() {},
    now: () => clock.ms,
  })
  return { box, settled, pauses, link }
}

test('a message is kept before it is sent and taken out by its ack', async () => {
  const [store, tea] = [cupboard(), room()]
  const keptWhenSent = []
  const send = tea.send
  tea.send = async (entry) => {
    keptWhenSent.push((await store.all(OWNER)).length)
    return send(entry)
  }
  const { box, settled } = tab({ store, tea })

  await box.say('hello')
  await settle()

  assert.deepEqual(keptWhenSent, [1])
  assert.equal(settled[0].body, 'hello')
  assert.match(settled[0].client_id, /^[0-9a-f]{32}$/)
  assert.deepEqual(await store.all(OWNER), [])
  assert.deepEqual(box.entries(), [])
})

test('messages go out in the order they were written, one at a time', async () => {
  const [store, tea] = [cupboard(), room()]
  let underway = 0
  const send = tea.send
  tea.send = async (entry) => {
    underway += 1
    assert.equal(underway, 1)
    await settle()
    underway -= 1
    return send(entry)
  }
  const { box } = tab({ store, tea })

  const said = ['1', '2', '3', '4', '5']
  await Promise.all(said.map(box.say))
  while (box.entries().length) await settle()

  assert.deepEqual(tea.heard, said)
})

test('without a link a message waits, says so, and survives the page', async () => {
  const [store, tea] = [cupboard(), room()]
  const { box } = tab({ store, tea, link: { up: false } })
  await box.say('later')
  assert.deepEqual([box.entries()[0].state, box.entries()[0].reason], ['queued', 'Waiting to be sent.'])

  const reloaded = tab({ store, tea })
  await reloaded.box.refresh()
  assert.equal(reloaded.box.entries()[0].body, 'later')
  await reloaded.box.opened()

  assert.deepEqual(tea.bodies(), ['later'])
})

test('an ack that got lost makes the message go again under the same id, and it is there once', async () => {
  const [store, tea] = [cupboard(), room()]
  tea.answers.push(new NoAnswer('message:send'))
  const { box } = tab({ store, tea })

  await box.say('once')
  await settle()

  assert.deepEqual(tea.heard, ['once', 'once'])
  assert.deepEqual(tea.bodies(), ['once'])
  assert.deepEqual(box.entries(), [])
})

test('too fast waits as long as it is told, and keeps the order', async () => {
  const [store, tea] = [cupboard(), room()]
  tea.answers.push(refusal('too_fast', 1234))
  const { box, pauses } = tab({ store, tea })

  await Promise.all([box.say('first'), box.say('second')])
  await settle()

  assert.deepEqual(pauses, [1234])
  assert.deepEqual(tea.bodies(), ['first', 'second'])
})

test('a final refusal keeps the text and its reason, and lets the next message pass', async () => {
  const [store, tea] = [cupboard(), room()]
  tea.answers.push(refusal('body_too_long'))
  const { box } = tab({ store, tea })

  await Promise.all([box.say('too long'), box.say('fine')])
  await settle()

  assert.deepEqual(tea.bodies(), ['fine'])
  const [entry] = box.entries()
  assert.deepEqual([entry.body, entry.state, entry.reason], ['too long', 'failed', 'The message is too long. Shorten it or send it in parts.'])
  assert.equal((await store.all(OWNER))[0].state, 'failed')
})

test('retry sends it again, discard forgets it', async () => {
  const [store, tea] = [cupboard(), room()]
  tea.answers.push(refusal('forbidden'), refusal('forbidden'))
  const { box } = tab({ store, tea })
  await Promise.all([box.say('again'), box.say('away')])
  await settle()
  const [again, away] = box.entries()

  await box.discard(away.client_id)
  await box.retry(again.client_id)
  await settle()

  assert.deepEqual(tea.bodies(), ['again'])
  assert.deepEqual(box.entries(), [])
  assert.deepEqual(await store.all(OWNER), [])
})

test('an id that already means another text is given up for a new one', async () => {
  const [store, tea] = [cupboard(), room()]
  tea.answers.push(refusal('client_id_conflict'))
  const { box } = tab({ store, tea })
  await box.say('hi')
  await settle()
  const before = box.entries()[0].client_id

  await box.retry(before)
  await settle()

  assert.deepEqual(tea.bodies(), ['hi'])
  assert.deepEqual(await store.all(OWNER), [])
})

test('two tabs that type send everything once, each in its order', async () => {
  const [store, tea] = [cupboard(), room()]
  const tabs = [tab({ store, tea }), tab({ store, tea })]
  const said = Array.from({ length: 20 }, (_, at) => `${at % 2} ${at}`)

  await Promise.all(said.map((body, at) => tabs[at % 2].box.say(body)))
  while ((await store.all(OWNER)).length) await settle()

  assert.deepEqual(tea.heard, said)
})

test('what another person wrote in this browser is not sent in my name', async () => {
  const [store, tea] = [cupboard(), room()]
  await tab({ store, tea, link: { up: false } }).box.say('of the first')

  const second = tab({ store, tea, owner: { room: 'tea', member: 'other' } })
  await second.box.refresh()
  await second.box.opened()

  assert.deepEqual(second.box.entries(), [])
  assert.deepEqual(tea.heard, [])
})

test('a lease that ran out is free for another tab', async () => {
  const store = cupboard()
  await store.claim('tea me', 'dead tab', 20)
  const { box } = tab({ store, tea: room() })

  await box.say('after the crash')
  while ((await store.all(OWNER)).length) await settle()

  assert.deepEqual(box.entries(), [])
})

const never = () => new Promise(() => {})
// A lease is renewed as long as the work lasts, which here is for ever.
const lock = (_, work) => work(async () => true)

test('what is not confirmed after ten seconds is late, the one behind it too', async () => {
  const [clock, tea] = [{ ms: 1000 }, { send: never }]
  const { box } = tab({ store: cupboard(), tea, clock, lock })
  await box.opened()
  await Promise.all(['one', 'two'].map(box.say))
  const states = () => box.entries().map(({ state }) => state)

  clock.ms += 9_999
  assert.deepEqual(states(), ['sending', 'queued'])
  clock.ms += 1

  assert.deepEqual(states(), ['late', 'late'])
  assert.match(box.entries()[0].reason, /^Not sent/)
})

test('what waited for the link is not late when the link is back', async () => {
  const [clock, link] = [{ ms: 1000 }, { up: false }]
  const { box } = tab({ store: cupboard(), tea: { send: never }, clock, link, lock })
  await box.say('hello')

  clock.ms += 60_000
  assert.equal(box.entries()[0].reason, 'Waiting to be sent.')
  link.up = true
  box.opened()
  await settle()

  assert.equal(box.entries()[0].state, 'sending')
})

test('a retry sends what is late at once, and it has ten seconds again', async () => {
  const [clock, tea] = [{ ms: 1000 }, room()]
  const sent = []
  const send = (entry) => (sent.push(entry.client_id), sent.length < 3 ? never() : tea.send(entry))
  const { box, settled } = tab({ store: cupboard(), tea: { send }, clock, lock })
  await box.say('hello')
  await settle()
  clock.ms += 10_000

  await box.retry(sent[0])
  await settle()
  assert.equal(box.entries()[0].state, 'sending')
  await box.retry(sent[0])
  await settle()

  assert.equal(new Set(sent).size, 1)
  assert.deepEqual(settled.map(({ body }) => body), ['hello'])
  assert.deepEqual(box.entries(), [])
})

test('discarding what is late lets the next one out', async () => {
  const tea = room()
  const send = (entry) => (entry.body === 'one' ? never() : tea.send(entry))
  const { box, settled } = tab({ store: cupboard(), tea: { send }, lock })
  await box.say('one')
  await box.say('two')

  await box.discard(box.entries()[0].client_id)
  await settle()

  assert.deepEqual(settled.map(({ body }) => body), ['two'])
})

test('a refusal that passes says why and counts down to when it is sent again', async () => {
  const [clock, tea] = [{ ms: 1000 }, room()]
  tea.answers.push(refusal('too_fast', 7000))
  const { box, pauses } = tab({ store: cupboard(), tea, clock, pause: never, lock })

  await box.say('hello')
  await settle()
  const first = box.entries()[0]
  clock.ms += 2500

  assert.deepEqual(pauses, [7000])
  assert.equal(first.reason, 'Too fast. Wait a moment and try again. It goes out by itself in 7 s.')
  assert.equal(box.entries()[0].reason, 'Too fast. Wait a moment and try again. It goes out by itself in 5 s.')
})
