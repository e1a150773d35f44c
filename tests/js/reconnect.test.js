import assert from 'node:assert/strict'
import { test } from 'node:test'

import './files.js'
import { delay } from '../../static/js/backoff.js'
import { trouble } from '../../static/js/trouble.js'

const LIMITS = { min_ms: 500, max_ms: 10_000 }
const IN = { is: 'in' }

test('waits grow with the tries, are spread from nothing up, and never pass the limit', () => {
  assert.equal(delay(0, LIMITS, () => 1), 500)
  assert.equal(delay(3, LIMITS, () => 1), 4000)
  assert.equal(delay(99, LIMITS, () => 1), 10_000)
  assert.equal(delay(5, LIMITS, () => 0), 0)
})

test('the strip is silent while all is well', () => {
  assert.equal(trouble({ is: 'ready' }, IN, {}), null)
  assert.equal(trouble({ is: 'ready' }, { is: 'unnamed' }, {}), null)
})

test('the strip counts down to the next try and offers to try now', () => {
  const tryNow = () => {}

  const { text, act } = trouble({ is: 'waiting', at_ms: 5200 }, { is: 'out' }, { tryNow }, 1000)

  assert.match(text, /next try in 5 s/)
  assert.equal(act, tryNow)
})

test('a page that is taken for somebody else says so at once and can be loaded again', () => {
  const reload = () => {}

  const { act, urgent } = trouble({ is: 'mistaken' }, { is: 'out' }, { reload })

  assert.deepEqual([act, urgent], [reload, true])
})

test('a refusal says why and leads out, at once', () => {
  const refusal = { code: 'forbidden', detail: 'The room is full.' }

  const said = trouble({ is: 'ready' }, { is: 'refused', refusal }, {})

  assert.equal(said.text, 'The room is full.')
  assert.equal(said.urgent, true)
})
