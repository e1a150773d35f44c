import assert from 'node:assert/strict'
import { test } from 'node:test'

import './files.js'
import { initial, shade, SHADES } from '../../static/js/person.js'
import { roster } from '../../static/js/roster.js'
import { fold } from '../../static/js/system-lines.js'
import { happened, people, typing } from '../../static/js/sentences.js'

const ANN = { id: 'a', name: 'Ann' }
const BOB = { id: 'b', name: 'Bob' }
const digest = (change) => ({ joined: [], left: [], renamed: [], count: 2, ...change })
const text = (sentence) => sentence.map((piece) => piece.name ?? piece).join('')

test('a digest tells only what is news, however often it comes', () => {
  const room = roster()
  room.open({ members: [ANN], count: 1 })

  assert.deepEqual(room.apply(digest({ joined: [BOB] })), [{ what: 'joined', ...BOB }])
  assert.deepEqual(room.apply(digest({ joined: [BOB] })), [])
  assert.deepEqual(room.apply(digest({ joined: [{ id: 'b', name: 'Bo' }] })), [{ what: 'renamed', id: 'b', name: 'Bo', old_name: 'Bob' }])
  assert.deepEqual(room.apply(digest({ left: [BOB] })), [{ what: 'left', id: 'b', name: 'Bo' }])
  assert.deepEqual(room.apply(digest({ left: [BOB] })), [])
})

test('a rename of somebody unknown is not told', () => {
  const room = roster()
  room.open({ members: [ANN], count: 1 })

  assert.deepEqual(room.apply(digest({ renamed: [{ id: 'z', name: 'Zed', old_name: 'Z' }] })), [])
  assert.equal(room.member('z'), undefined)
})

test('who is back soon after a restart was never gone', () => {
  const room = roster()
  room.open({ members: [ANN, BOB], count: 2 }, 0)
  room.open({ members: [ANN], count: 1 }, 1000)

  assert.deepEqual(room.apply(digest({ joined: [BOB] }), 5000), [])
  assert.equal(room.member('b').name, 'Bob')
})

test('I come first, then all others as people sort names', () => {
  const room = roster()
  const names = ['Zoe', 'éva', 'Eve', 'Äda', 'bob', 'Adi', '10', 'Ann']
  room.open({ members: names.map((name, at) => ({ id: String(at), name })), count: names.length })

  assert.deepEqual(room.list('0').map(({ name }) => name), ['Zoe', '10', 'Äda', 'Adi', 'Ann', 'bob', 'éva', 'Eve'])
})

test('who is back much later has joined', () => {
  const room = roster()
  room.open({ members: [ANN, BOB], count: 2 }, 0)
  room.open({ members: [ANN], count: 1 }, 1000)

  assert.deepEqual(room.apply(digest({ joined: [BOB] }), 100_000), [{ what: 'joined', ...BOB }])
})

test('whose name mixes alphabets is known by every way they come, and no longer once renamed', () => {
  const mixed = (id) => ({ id, name: `P\u0430ul ${id}`, mixed: true })
  const room = roster()
  room.open({ members: [mixed('a'), BOB], count: 2 })
  room.apply(digest({ joined: [mixed('c')], renamed: [{ ...mixed('b'), old_name: 'Bob' }] }))

  assert.deepEqual(room.list('a').map((member) => member.mixed), [true, true, true])
  room.apply(digest({ renamed: [{ ...BOB, old_name: 'x' }] }))
  assert.equal(room.member('b').mixed, undefined)
})

test('a crowd is counted, and listed as far as it was read', () => {
  const room = roster()
  room.open({ members: [ANN], count: 900, partial: true })
  assert.equal(room.isCrowd(), true)

  assert.deepEqual(room.apply({ joined: [], left: [], renamed: [], count: 901, partial: true }), [])
  assert.equal(room.count(), 901)
  room.read([BOB], { count: 902, more: true }, ANN)

  assert.deepEqual(room.list(ANN.id).map(({ name }) => name), ['Ann', 'Bob'])
  assert.deepEqual([room.count(), room.hasMore()], [902, true])

  room.apply({ joined: [], left: [], renamed: [], count: 200 })
  assert.equal(room.isCrowd(), false)
})

test('what happened in sum is told, not every step', () => {
  const step = (what, id, name, old_name) => ({ what, id, name, old_name })

  assert.deepEqual(fold([step('joined', 'a', 'Ann'), step('joined', 'b', 'Bob'), step('left', 'c', 'Cid')]), [
    { what: 'joined', names: ['Ann', 'Bob'] },
    { what: 'left', names: ['Cid'] },
  ])
  assert.deepEqual(fold([step('joined', 'a', 'Ann'), step('left', 'a', 'Ann')]), [{ what: 'visited', names: ['Ann'] }])
  assert.deepEqual(fold([step('left', 'a', 'Ann'), step('joined', 'a', 'Ann')]), [{ what: 'returned', names: ['Ann'] }])
  assert.deepEqual(fold([step('joined', 'a', 'Ann'), step('renamed', 'a', 'Anna', 'Ann')]), [{ what: 'joined', names: ['Anna'] }])
  assert.deepEqual(fold([step('renamed', 'a', 'B', 'A'), step('renamed', 'a', 'C', 'B')]), [{ what: 'renamed', name: 'C', old_name: 'A' }])
  assert.deepEqual(fold([step('renamed', 'a', 'B', 'A'), step('renamed', 'a', 'A', 'B')]), [])
})

test('many people are counted, a few are named', () => {
  const names = (n) => Array.from({ length: n }, (_, at) => 'ABCDEFGH'[at])

  assert.equal(text(people(names(1))), 'A')
  assert.equal(text(people(names(2))), 'A and B')
  assert.equal(text(people(names(4))), 'A, B, C, and D')
  assert.equal(text(people(names(8))), 'A, B, C, and 5 others')
})

test('sentences keep names apart from words', () => {
  const sentence = happened([{ what: 'joined', names: ['Ann'] }, { what: 'renamed', name: 'Bo', old_name: 'Bob' }])

  assert.deepEqual(sentence, [{ name: 'Ann' }, ' joined', ' · ', { name: 'Bob' }, ' is now ', { name: 'Bo' }])
  assert.equal(text(typing(['Ann', 'Bob'])), 'Ann and Bob are typing…')
  assert.equal(text(typing(['A', 'B', 'C', 'D'])), 'Several people are typing…')
})

test('a colour stays with the person and all colours are used', () => {
  const shades = new Set(Array.from({ length: 500 }, (_, at) => shade(`member-${at}`)))

  assert.equal(shade('abc'), shade('abc'))
  assert.equal(shades.size, SHADES)
})

test('a face shows the first sign of a name, whole and small', () => {
  assert.equal(initial('ann'), 'A')
  assert.equal(initial('👩‍👩‍👧 family'), '👩‍👩‍👧')
  assert.ok(Array.from(initial('Z\u0301'.padEnd(90, '\u0301'))).length <= 8)
})

test('the first sign of a name is looked for once', (t) => {
  const looks = t.mock.method(Intl.Segmenter.prototype, 'segment')

  for (let n = 0; n < 5; n += 1) assert.equal(initial('once only'), 'O')

  assert.equal(looks.mock.callCount(), 1)
})
