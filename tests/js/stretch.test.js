import assert from 'node:assert/strict'
import { test } from 'node:test'

import { happenings } from '../../static/js/happenings.js'
import { MOST, stretch } from '../../static/js/stretch.js'
import { timeline } from '../../static/js/timeline.js'
import { countUnseen, firstUnseen } from '../../static/js/unseen.js'

const range = (from, to, id = 'a') =>
  Array.from({ length: to - from + 1 }, (_, at) => ({ id: from + at, seq: from + at, author: { id, name: 'Ann' }, body: '' }))
const page = (messages, more, head = 10_000) => ({ epoch: 'e', head, messages, more })
const ends = (part) => [part.first(), part.last()]

function opened(from, to) {
  const log = timeline()
  log.open({ epoch: 'e', head: to, messages: range(from, to), complete: true, reset: false })
  return log
}

test('a page of what was said later fills a gap from its beginning', () => {
  const log = opened(1, 3)
  log.open({ ...page(range(98, 100), true, 100), complete: false, reset: false })

  log.onward(3, page(range(4, 53), true))
  assert.deepEqual(log.gaps(), [{ after: 53, before: 98 }])
  log.onward(53, page(range(54, 103), true))

  assert.deepEqual(log.gaps(), [])
  assert.equal(log.onward(3, { ...page([], false), epoch: 'another' }), false)
})

test('the pages around a number stand between two gaps', () => {
  const log = opened(9951, 10_000)

  log.around(500, page(range(451, 500), true), page(range(501, 550), true))

  assert.deepEqual(log.gaps(), [{ after: 0, before: 451 }, { after: 550, before: 9951 }])
  assert.deepEqual([log.isLoaded(450), log.isLoaded(451), log.isLoaded(550), log.isLoaded(551)], [false, true, true, false])
  assert.deepEqual(log.run(500), { first: 451, last: 550 })
})

test('pages around a number that reach the beginning and the newest leave no gap', () => {
  const log = opened(51, 100)

  log.around(20, page(range(1, 20), false), page(range(21, 60), true))

  assert.deepEqual(log.gaps(), [])
})

test('what is far from the reader is let go of, the newest never', () => {
  const log = opened(1, 1000)

  log.trimAround(400, 500, 50)

  assert.deepEqual(log.gaps(), [{ after: 0, before: 350 }, { after: 550, before: 951 }])
  assert.equal(log.size(), 251)
  log.push({ ...range(1001, 1001)[0] })
  assert.equal(log.last(), 1001)
})

test('a reader at the end is shown the newest, and what is said next', () => {
  const log = opened(1, 1000)
  const part = stretch(log)

  part.follow(200)
  assert.deepEqual([...ends(part), part.isLive()], [801, Infinity, true])
  part.hold()
  log.push({ ...range(1001, 1001)[0] })

  assert.deepEqual([...ends(part), part.isLive()], [801, 1000, false])
})

test('steps lead through everything loaded and never show more than a few hundred', () => {
  const log = opened(1, 2000)
  const part = stretch(log)
  part.follow(200)
  part.hold()

  while (part.back()) assert.ok(log.ids(...ends(part)).length <= MOST)
  assert.deepEqual(ends(part), [1, MOST])
  assert.equal(part.missingBefore(), null)
  while (part.on()) assert.ok(log.ids(...ends(part)).length <= MOST)

  assert.deepEqual([...ends(part), part.isLive()], [2000 - MOST + 1, 2000, true])
})

test('steps stop at what is not loaded, and say what to load', () => {
  const log = opened(9951, 10_000)
  log.around(500, page(range(451, 500), true), page(range(501, 550), true))
  const part = stretch(log)

  part.around(500)

  assert.deepEqual(ends(part), [451, 550])
  assert.deepEqual([part.back(), part.on(), part.isLive()], [false, false, false])
  assert.deepEqual([part.missingBefore(), part.missingAfter()], [{ before: 451 }, { after: 550 }])
})

test('what is new is said by others; what is not loaded counts by its numbers', () => {
  const log = opened(1, 5)
  for (const message of [...range(6, 7, 'me'), ...range(8, 10)]) log.push(message)

  assert.equal(countUnseen(log, 5, 'me'), 3)
  assert.equal(firstUnseen(log, 5, 'me'), 8)
  assert.equal(firstUnseen(log, 10, 'me'), undefined)
  log.open({ ...page(range(951, 1000), true, 1000), complete: false, reset: false })

  assert.equal(countUnseen(log, 10, 'me'), 990)
  assert.equal(firstUnseen(log, 10, 'me'), undefined)
})

test('who is back within seconds was never gone; who is back later came back', () => {
  const bob = { id: 'b', name: 'Bob' }
  const told = (away) => {
    const log = happenings()
    log.add([{ what: 'left', ...bob }], 3, 0)
    log.add([{ what: 'joined', ...bob }], 4, away)
    return log.between(0, Infinity).map(({ what }) => what)
  }

  assert.deepEqual(told(6000), [])
  assert.deepEqual(told(60_000), ['left', 'joined'])
})
