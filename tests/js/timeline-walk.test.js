import assert from 'node:assert/strict'
import { test } from 'node:test'

import { timeline } from '../../static/js/timeline.js'

// Small, so that every branch of coming back is walked.
const PAGE = 3
const CHANGES = 5

// A room that only speaks, as the server would answer about it.
function room() {
  const log = []
  const answer = (messages, more) => ({ messages, more, head: log.length, epoch: 'e' })
  return {
    head: () => log.length,
    say() {
      const id = log.length + 1
      log.push({ room: 'tea', id, seq: id, author: { id: 'a', name: 'Ann' }, body: `m${id}` })
      return log.at(-1)
    },
    before(id, limit) {
      const found = log.filter((message) => message.id < id)
      return answer(found.slice(-limit), found.length > limit)
    },
    after(seq, limit) {
      const found = log.filter((message) => message.seq > seq)
      return answer(found.slice(0, limit), found.length > limit)
    },
  }
}

// One page's life: pushes lost, doubled and overtaking each other, own messages acknowledged early, links lost, history read.
function walk(seed) {
  const draw = dice(seed)
  const [tea, page] = [room(), timeline()]
  let line = []
  const mine = []

  const older = (before) => page.past(before, tea.before(before, 2))
  const steps = {
    say() {
      const message = tea.say()
      line.push(message)
      if (draw(3) === 0) mine.push({ ...message, client_id: `c${message.id}` })
    },
    hear: () => line.length && page.push(line[draw(line.length)]),
    lose: () => (line = []),
    settle: () => mine.length && page.settle(mine.splice(draw(mine.length), 1)[0]),
    heal: () => page.missing() !== null && page.fill(tea.after(page.missing(), 2)),
    read: () => (page.gaps().length ? older(page.gaps()[0].before) : page.older() && older(page.first())),
    join() {
      line = []
      const since = page.cursor()
      const missed = since && tea.after(since.seq, CHANGES)
      const { messages, head } = missed && !missed.more ? missed : tea.before(Infinity, PAGE)
      page.open({ epoch: 'e', head, messages, complete: !missed?.more, reset: false })
    },
  }
  const verbs = ['say', 'say', 'say', ...Object.keys(steps)]

  steps.join()
  for (let step = 0; step < 30; step += 1) steps[verbs[draw(verbs.length)]]()
  page.head({ epoch: 'e', head: tea.head() })
  while (page.missing() !== null) steps.heal()
  while (page.gaps().length || page.older()) steps.read()
  return { shown: page.messages().map(({ id }) => id), head: tea.head() }
}

function dice(seed) {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

test('whatever is lost or comes early, a page that reads on shows every message once and in order', () => {
  for (let seed = 1; seed <= 5000; seed += 1) {
    const { shown, head } = walk(seed)
    assert.deepEqual(shown, Array.from({ length: head }, (_, at) => at + 1), `seed ${seed}`)
  }
})
