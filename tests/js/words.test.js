import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'

import './files.js'
import { pageTitle } from '../../static/js/page-title.js'
import { phrase, pieces, reason } from '../../static/js/words.js'

const FOLDER = new URL('../../static/words/', import.meta.url)
const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.json'))

for (const file of files) {
  const language = file.replace('.json', '')
  const counted = Object.entries(JSON.parse(await readFile(new URL(file, FOLDER), 'utf8'))).filter(([, text]) => typeof text !== 'string')

  test(`what counts has every plural of its language: ${language}`, () => {
    assert.ok(counted.length > 0)
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const [key, text] of counted) assert.deepEqual(Object.keys(text).sort(), [...forms].sort(), key)
  })
}

test('a text takes its form by the number and shows it as its language writes it', () => {
  assert.equal(phrase('room.count', { n: 1 }), '1 person')
  assert.equal(phrase('room.count', { n: 2000 }), '2,000 people')
})

test('the title of the page counts as its language does', () => {
  assert.equal(pageTitle({ title: 'Tea', unread: { count: 1200 } }, 1000), '(1,200 @1,000) Tea · Chatroom')
  assert.equal(pageTitle({ title: 'Tea', unread: { count: 0 } }, 0), 'Tea · Chatroom')
})

test('a name stays apart from the words around it, braces and all', () => {
  const [old, between, now] = pieces('people.renamed', { old_name: { name: '{name}' }, name: { name: 'Bo' } })

  assert.deepEqual([old, between, now], [{ name: '{name}' }, ' is now ', { name: 'Bo' }])
})

test('a refusal is told by its code, by the text it came with, or as no answer', () => {
  assert.match(reason({ code: 'room_full', detail: 'x' }), /room is full/)
  assert.match(reason({ code: 'name_taken', detail: 'x', asked: { name: 'Ann' } }), /called Ann,/)
  assert.equal(reason({ code: 'name_invalid', detail: 'Type a name first.' }), 'Type a name first.')
  assert.match(reason(new Error('no ack')), /No answer/)
})
