import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { openOutboxStore } from '../../static/js/outbox-store.js'

const OWNER = { room: 'tea', member: 'me' }
const entry = (client_id) => ({ ...OWNER, client_id, body: client_id, state: 'queued' })
let full

// A browser without IndexedDB, whose localStorage refuses to write while it is `full`.
beforeEach(() => {
  const kept = new Map()
  full = false
  const refuse = (write) => (...what) => {
    if (full) throw new Error('full')
    write(...what)
  }
  const store = Object.create({
    getItem: (key) => kept.get(key) ?? null,
    setItem: refuse((key, text) => kept.set(key, text)),
    removeItem: refuse((key) => kept.delete(key)),
  })
  const value = new Proxy(store, {
    ownKeys: () => [...kept.keys()],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  })
  Object.defineProperty(globalThis, 'localStorage', { value, configurable: true })
})

const ids = async (store) => (await store.all(OWNER)).map(({ client_id }) => client_id)

test('what is kept is there for the next page, in the order written', async () => {
  const store = await openOutboxStore()
  for (const id of ['a', 'b', 'c']) await store.add(entry(id))
  await store.remove('b')

  const next = await openOutboxStore()

  assert.deepEqual(await ids(next), ['a', 'c'])
  assert.equal(next.keeps(), true)
})

test('two tabs that write at the same time keep both', async () => {
  const [one, other] = [await openOutboxStore(), await openOutboxStore()]
  await Promise.all([one.add(entry('a')), other.add(entry('b')), one.add(entry('c'))])
  await Promise.all([one.remove('a'), other.update('c', { state: 'failed' })])

  assert.deepEqual(await ids(one), ['b', 'c'])
  assert.deepEqual(await other.all(OWNER), await one.all(OWNER))
})

test('a message that goes again under another id is there once', async () => {
  const store = await openOutboxStore()
  await store.add(entry('a'))
  await store.update('a', { client_id: 'b', state: 'queued' })

  assert.deepEqual(await ids(await openOutboxStore()), ['b'])
})

test('a place that fills up loses nothing of this page, and says so', async () => {
  const store = await openOutboxStore()
  await store.add(entry('a'))
  full = true
  await store.add(entry('b'))

  assert.deepEqual(await ids(store), ['a', 'b'])
  assert.equal(store.keeps(), false)
})

test('a message that a full place cannot take out is done with all the same', async () => {
  const store = await openOutboxStore()
  for (const id of ['a', 'b']) await store.add(entry(id))
  full = true
  await store.remove('a')
  await store.update('b', { state: 'failed' })

  assert.deepEqual(await ids(store), ['b'])
  assert.equal((await store.all(OWNER))[0].state, 'failed')
})
