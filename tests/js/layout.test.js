import assert from 'node:assert/strict'
import { test } from 'node:test'

import { layout } from '../../static/js/layout.js'

const ME = { id: 'me', name: 'Me' }
const ANN = { id: 'a', name: 'Ann' }
const NOON = new Date(2026, 4, 20, 12).getTime()
const MINUTE = 60_000

const said = (id, author, minutes, more = {}) => ({ id, seq: id, author, body: `m${id}`, kind: 'text', sent_at_ms: NOON + minutes * MINUTE, ...more })
const lines = (parts) => layout({ messages: [], gaps: [], events: [], pending: [], me: ME, ...parts })
const shape = (parts) => lines(parts).map(({ kind, first, id }) => (kind === 'message' ? `${first ? 'first' : 'next'} ${id ?? 'pending'}` : kind))

test("one author's run within five minutes stands under one head", () => {
  const messages = [said(1, ANN, 0), said(2, ANN, 4), said(3, ANN, 8), said(4, ANN, 14), said(5, ME, 14)]

  assert.deepEqual(shape({ messages }), ['day', 'first 1', 'next 2', 'next 3', 'first 4', 'first 5'])
})

test('loading what was said before moves no head but that of the line it meets', () => {
  const messages = Array.from({ length: 12 }, (_, at) => said(at + 1, ANN, at * 3))
  const shapes = [shape({ messages }), shape({ messages: messages.slice(4) })]

  assert.deepEqual(shapes[0].slice(-7), shapes[1].slice(-7))
})

test('a new name, a new day, an event and a gap break a run', () => {
  const renamed = { ...ANN, name: 'Anna' }
  const messages = [said(1, ANN, 0), said(2, renamed, 1), said(3, renamed, 2), said(4, renamed, 3), said(5, renamed, 1440)]
  const events = [{ what: 'joined', id: 'b', name: 'Bob', after: 2, n: 0 }]

  assert.deepEqual(shape({ messages, events, gaps: [{ after: 3, before: 4 }] }), [
    'day', 'first 1', 'first 2', 'system', 'first 3', 'gap', 'first 4', 'day', 'first 5',
  ])
})

test('what I wrote stands at the end, and is gone once the room has it', () => {
  const pending = [{ client_id: 'x', body: 'hi', state: 'queued', written_at_ms: NOON }]

  assert.deepEqual(shape({ messages: [said(1, ANN, 0)], pending }), ['day', 'first 1', 'first pending'])
  assert.deepEqual(shape({ messages: [said(1, ME, 0, { client_id: 'x' })], pending }), ['day', 'first 1'])
})

test('a confirmed message keeps the key it had while pending', () => {
  const [, before] = lines({ pending: [{ client_id: 'x', body: 'hi', state: 'sending', written_at_ms: NOON }] })
  const [, after] = lines({ messages: [said(1, ME, 0, { client_id: 'x' })] })

  assert.equal(before.key, after.key)
  assert.notEqual(before.stamp, after.stamp)
})

test('every key is there once, whatever is mixed', () => {
  const messages = [said(1, ANN, 0), said(2, ME, 1, { client_id: 'x' }), said(3, ANN, 1441)]
  const events = [0, 0, 2, 3].map((after, n) => ({ what: 'joined', id: `p${n}`, name: `P${n}`, after, n }))
  const keys = lines({ messages, events, pending: [{ client_id: 'y', body: '', state: 'failed', written_at_ms: NOON }] }).map(({ key }) => key)

  assert.equal(new Set(keys).size, keys.length)
})

test('events between the same two messages fold into one line', () => {
  const events = ['Bob', 'Cid'].map((name, n) => ({ what: 'joined', id: name, name, after: 1, n }))
  const [, , system, ...rest] = lines({ messages: [said(1, ANN, 0)], events })

  assert.deepEqual(system.sentences, [{ what: 'joined', names: ['Bob', 'Cid'] }])
  assert.deepEqual(rest, [])
})

test('a line that starts to look different has another stamp', () => {
  const stamp = (entry) => lines({ pending: [{ client_id: 'x', body: 'hi', written_at_ms: NOON, ...entry }] })[1].stamp
  const stamps = [{ state: 'queued' }, { state: 'sending' }, { state: 'queued', reason: 'slow' }, { state: 'failed', reason: 'no' }].map(stamp)

  assert.equal(new Set(stamps).size, 4)
})
