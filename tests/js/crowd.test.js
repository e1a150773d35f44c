import assert from 'node:assert/strict'
import { mock, test } from 'node:test'

import { crowd } from '../../static/js/crowd.js'

const PEOPLE = Array.from({ length: 25 }, (_, n) => ({ id: `id${n}`, name: `name ${String(n).padStart(2, '0')}` }))

function asked(pageSize = 10) {
  const shown = []
  const people = [...PEOPLE]
  const reader = crowd({
    async page(after = '') {
      const rest = people.filter(({ name }) => name > after)
      return { members: rest.slice(0, pageSize), count: people.length, more: rest.length > pageSize }
    },
    shown: (found, { count, more }) => shown.push([found.length, count, more]),
  })
  return { reader, shown, people }
}

test('a crowd is read a page at a time, as far as the reader wants', async () => {
  const { reader, shown } = asked()

  await reader.read()
  await reader.more()
  await reader.more()
  await reader.more()
  reader.stop()

  assert.deepEqual(shown, [[10, 25, true], [20, 25, true], [25, 25, false], [25, 25, false]])
})

test('what was read is read again in a while, and not after the end', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const { reader, shown, people } = asked()
  await reader.read()
  people.push({ id: 'new', name: 'aaron' })

  mock.timers.tick(120_000)
  await new Promise((resolve) => setImmediate(resolve))
  reader.stop()
  mock.timers.tick(240_000)
  await new Promise((resolve) => setImmediate(resolve))

  assert.deepEqual(shown, [[10, 25, true], [10, 26, true]])
  mock.timers.reset()
})

test('an answer that comes late is not shown after a later one', async () => {
  let answer
  const shown = []
  const waits = [new Promise((resolve) => (answer = resolve)), Promise.resolve({ members: [PEOPLE[1]], count: 1, more: false })]
  const reader = crowd({ page: () => waits.shift(), shown: (found) => shown.push(found[0].id) })

  const first = reader.read()
  await reader.read()
  answer({ members: [PEOPLE[0]], count: 1, more: false })
  await first
  reader.stop()

  assert.deepEqual(shown, ['id1'])
})
