import assert from 'node:assert/strict'
import { mock, test } from 'node:test'

const kept = new Map()
let writes = 0
globalThis.localStorage = {
  getItem: (key) => kept.get(key) ?? null,
  removeItem: (key) => kept.delete(key),
  setItem(key, value) {
    writes += 1
    kept.set(key, value)
  },
}
globalThis.document = new EventTarget()
mock.timers.enable({ apis: ['setTimeout'] })
const { forgetMark, markRead, readMark } = await import('../../static/js/read-marks.js')

test('in a burst the mark is written once a second, and the last one stays', () => {
  for (let head = 1; head <= 100; head += 1) markRead('tea', head)
  assert.deepEqual([readMark('tea'), kept.get('chat:read:tea'), writes], [100, '1', 1])

  mock.timers.tick(1000)

  assert.deepEqual([kept.get('chat:read:tea'), writes], ['100', 2])
  mock.timers.tick(5000)
  assert.equal(writes, 2)
  markRead('tea', 101)
  assert.deepEqual([kept.get('chat:read:tea'), writes], ['101', 3])
  mock.timers.tick(1000)
})

test('a page that is hidden or left writes at once', () => {
  for (const head of [1, 2]) markRead('cake', head)

  document.dispatchEvent(new Event('visibilitychange'))

  assert.equal(kept.get('chat:read:cake'), '2')
  mock.timers.tick(1000)
})

test('what is forgotten stays forgotten', () => {
  for (const head of [1, 2]) markRead('pie', head)

  forgetMark('pie')
  mock.timers.tick(1000)

  assert.equal(readMark('pie'), null)
})
