import assert from 'node:assert/strict'
import { test } from 'node:test'

import { asShown, understood } from '../../static/js/commands.js'
import { begun, matching } from '../../static/js/completion.js'
import { isOnlyEmoji } from '../../static/js/emoji.js'
import { naming, namesPerson } from '../../static/js/mentions.js'

test('a text without a slash is said, with two it begins with one, and a known command is obeyed', () => {
  assert.deepEqual(understood('hello /help'), { say: 'hello /help' })
  assert.deepEqual(understood('//shrug it'), { say: '/shrug it' })
  assert.deepEqual(understood('/nick  Ann Lee '), { command: 'nick', rest: 'Ann Lee' })
  assert.deepEqual(understood('/HELP'), { command: 'help', rest: '' })
  assert.deepEqual(understood('/me waves\nand goes'), { say: '/me waves\nand goes' })
})

test('an unknown command is not said, whatever it is called', () => {
  for (const typed of ['/nonsense', '/', '/constructor', '/__proto__', '/usr/bin/env', '/ me', '/me', '/me  ']) {
    assert.ok(understood(typed).unknown?.startsWith('/'), typed)
    assert.equal(understood(typed).say, undefined)
  }
})

test('two slashes make no action', () => {
  assert.equal(asShown(understood('//me waves').say).is, 'text')
  assert.deepEqual(asShown('/me waves'), { is: 'action', body: 'waves' })
  assert.deepEqual(asShown('/mewaves'), { is: 'text', body: '/mewaves' })
})

test('a name is begun with @, or is any word when asked', () => {
  assert.deepEqual(begun('hi @an', false), { from: 3, begun: 'an', at: true })
  assert.deepEqual(begun('@', false), { from: 0, begun: '', at: true })
  assert.deepEqual(begun('hi an', true), { from: 3, begun: 'an', at: false })
  for (const text of ['hi an', 'mail joe@an', 'hi @an ', '']) assert.equal(begun(text, false), null, text)
  for (const text of ['', 'hi ', 'joe@an', `${'x'.repeat(60)}`]) assert.equal(begun(text, true), null, text)
})

test('what was begun is replaced where it stands, far into a long text', () => {
  const text = `${'word '.repeat(900)}@Bo`

  assert.deepEqual(begun(text, false), { from: 4500, begun: 'Bo', at: true })
})

test('names match by their beginning first, whatever their case and accents', () => {
  const names = ['Joanna', 'Ann', 'Lee Anders', 'Änne', 'Bob']

  assert.deepEqual(matching(names, 'AN'), ['Ann', 'Änne', 'Lee Anders'])
  assert.deepEqual(matching(names, 'zz'), [])
  assert.equal(matching(Array.from({ length: 50 }, (_, n) => `Ann ${n}`), '').length, 8)
})

test('only emoji is only emoji', () => {
  for (const text of ['🙂', '🙂 🙂', '👩‍👩‍👧‍👦', '🇩🇪🇫🇷', '👍🏽', '❤️', '1️⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿']) assert.ok(isOnlyEmoji(text), text)
  for (const text of ['', ' ', '🙂!', '1', '#', '©', 'a🙂', '🙂'.repeat(60)]) assert.ok(!isOnlyEmoji(text), text)
})

test('a name counts as @name or as a word, in any case', () => {
  const named = naming('Ann Lee')
  for (const text of ['@Ann Lee', 'hi ann lee!', '(ANN LEE)', 'Ann Lee, come', 'no\nAnn Lee']) assert.ok(named(text), text)
  for (const text of ['Joann Lee', 'Ann Leeway', 'Ann', 'x@Ann Lee', 'Ann_Lee', '']) assert.ok(!named(text), text)
})

test('a name of odd signs is no pattern, and one without spaces around it is found', () => {
  assert.ok(naming('a.*+?(b)')('hello a.*+?(b)'))
  assert.ok(!naming('a.c')('abc'))
  assert.ok(naming('小明')('你好小明吗'))
  assert.ok(naming('Zoë')('zoe\u0308 is here'))
  assert.ok(naming('🦊')('hi 🦊'))
  for (const sign of '\\^$.*+?()[]{}|/-') assert.ok(naming(sign)(`a ${sign} b`), sign)
})

test('a new name is listened for from then on', () => {
  let name = 'Ann'
  const named = namesPerson(() => name)
  assert.ok(named('hi ann'))

  name = 'Bob'

  assert.ok(named('hi bob'))
  assert.ok(!named('hi ann'))
})
