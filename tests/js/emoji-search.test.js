import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { begunEmoji, isOnlyEmoji } from '../../static/js/emoji.js'
import { emojiNamed, findEmoji } from '../../static/js/emoji-search.js'

const ALL = [
  { sign: '🙂', names: ['slightly_smiling_face'], words: 'face happy smile' },
  { sign: '😄', names: ['smile'], words: 'grin happy' },
  { sign: '😸', names: ['smile_cat'], words: 'cat' },
  { sign: '👍', names: ['+1', 'thumbsup'], words: 'thumbs up yes' },
]
const found = (key) => findEmoji(ALL, key, 8).map(({ sign }) => sign)

test('a colon and two letters begin an emoji, a second colon closes it', () => {
  assert.deepEqual(begunEmoji('so :Sm'), { from: 3, begun: 'sm', closed: false })
  assert.deepEqual(begunEmoji('🙂:+1:'), { from: 2, begun: '+1', closed: true })
  assert.equal(begunEmoji(':Grüß').begun, 'grüß')
  assert.equal(begunEmoji(`${'a '.repeat(2000)}:smile`).from, 4000)
})

test('times, addresses, one letter and a second colon begin none', () => {
  for (const text of ['12:30', 'http://smile', 'a::smile', ':D', 'x:yes', ':smile ', ':)']) assert.equal(begunEmoji(text), null, text)
})

test('the very name comes first, then beginnings, then words', () => {
  assert.deepEqual(found('smile'), ['😄', '😸', '🙂'])
  assert.deepEqual(found('cat'), ['😸'])
  assert.deepEqual(found('Thumbs up'), ['👍'])
  assert.deepEqual(found('xyz'), [])
  assert.equal(findEmoji(ALL, '', 2).length, 2)
})

test('a closed name is that emoji or none', () => {
  assert.deepEqual(emojiNamed(ALL, 'thumbsup').map(({ sign }) => sign), ['👍'])
  assert.deepEqual(emojiNamed(ALL, 'smil'), [])
})

test('every emoji on offer is one to the page, and has names to write between colons', () => {
  const groups = JSON.parse(readFileSync(new URL('../../static/vendor/emoji.de.json', import.meta.url)))
  const all = groups.flat()

  assert.ok(all.length > 1700)
  const [, , label, words] = all.find(([, names]) => names === 'birthday')
  assert.equal(label, 'Geburtstagskuchen')
  assert.ok(words.includes('celebration'))
  assert.deepEqual(all.filter(([sign, names]) => !isOnlyEmoji(sign) || !/^[a-z0-9_+-]+( [a-z0-9_+-]+)*$/.test(names)), [])
})
