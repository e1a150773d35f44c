import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { addresses, target } from '../../static/js/addresses.js'
import { isMarked, reader } from '../../static/js/markdown.js'
import { elsewhere } from '../../static/js/sites.js'

const vendored = readFileSync(new URL('../../static/vendor/markdown-it.esm.min.js', import.meta.url))
const { default: markdownit } = await import(`data:text/javascript;base64,${vendored.toString('base64')}`)
const read = reader(markdownit)

const show = (node) => {
  if (typeof node === 'string') return node
  const { tag, href, start, children } = node
  return `<${[tag, href, start].filter((part) => part !== undefined && part !== null).join(' ')}>${children.map(show).join('')}</${tag}>`
}
const shown = (text) => read(text).map(show).join('')
const links = (text) => [...shown(text).matchAll(/<a ([^>]*)>/g)].map(([, href]) => href)

test('signs become what they stand for', () => {
  assert.equal(shown('a **b** *c* ~~d~~ `e*`'), '<p>a <strong>b</strong> <em>c</em> <s>d</s> <code>e*</code></p>')
  assert.equal(shown('> q\n> r'), '<blockquote><p>q\nr</p></blockquote>')
  assert.equal(shown('- a\n- b\n  1. c'), '<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>')
  assert.equal(shown('7. a\n8. b'), '<ol 7><li>a</li><li>b</li></ol>')
  assert.equal(shown('```js\nlet a\n\n  b\n```'), '<pre>let a\n\n  b</pre>')
  assert.equal(shown('[label](https://a.example/x)'), '<p><a https://a.example/x>label</a></p>')
})

test('what is not for a talk stays as it was typed', () => {
  for (const text of ['# a *', 'a\n---\n*', '| a |\n|---|\n*', '<b>x</b>', '&amp; *', '    a *', 'a_b_c', '2 * 3 * 4', '[a]: https', '* * *x']) {
    assert.doesNotMatch(shown(text), /<(h\d|hr|table|b|pre|strong|em)\b(?!>x<\/b>)/, text)
  }
  assert.equal(shown('<b>x</b> a_b_c'), '<p><b>x</b> a_b_c</p>')
})

test('every line and every empty line stays', () => {
  assert.equal(shown('*a*\n  b\n\n\nc'), '<p><em>a</em>\n  b</p>\n\n<p>c</p>')
  assert.equal(shown('> a\n>\n> b'), '<blockquote><p>a</p>\n<p>b</p></blockquote>')
  assert.equal(shown('a\\\nb'), '<p>a\nb</p>')
})

test('a link that leads nowhere is none', () => {
  for (const text of ['[x]()', '![x]()', '[x](<>)']) assert.deepEqual(links(text), [], text)
  for (const text of ['[x](javascript:alert(1))', '[x](/leave)', '<data:,x>', '[x](ftp://a)']) assert.equal(shown(text), `<p>${text}</p>`)
})

test('a picture is a link', () => {
  assert.equal(shown('![alt](https://a.example/x.png)'), '<p><a https://a.example/x.png>alt</a></p>')
})

test('the signs in an address are no Markdown', () => {
  assert.equal(shown('**https://a.example/_b_/c*d*e**.'), '<p><strong><a https://a.example/_b_/c*d*e>https://a.example/_b_/c*d*e</a></strong>.</p>')
  assert.deepEqual(links('[see https://a.example](https://b.example)'), ['https://b.example/'])
})

test('bare addresses become links and leave the sentence its signs', () => {
  assert.deepEqual(addresses('see https://a.example/x_y, (www.b.example/(z)) or mailto:c@d.example!'), [
    'see ',
    { label: 'https://a.example/x_y', href: 'https://a.example/x_y' },
    ', (',
    { label: 'www.b.example/(z)', href: 'https://www.b.example/(z)' },
    ') or ',
    { label: 'mailto:c@d.example', href: 'mailto:c@d.example' },
    '!',
  ])
  for (const text of ['xhttps://a', 'https://', 'www.', 'ftp://a.example', 'javascript:alert(1)', 'http://[x', 'a.example', '']) {
    assert.deepEqual(addresses(text), text ? [text] : [], text)
  }
})

test('nothing invisible gets into an address', () => {
  for (const sign of ['\u200b', '\u202e', '\u00a0', '\u0000', '\ue000']) {
    assert.equal(addresses(`https://a.example/${sign}b`)[0].label, 'https://a.example/')
  }
})

test('http, https and mailto lead somewhere, nothing else does', () => {
  assert.deepEqual(['http://a', 'https://a', 'mailto:a@b'].map((text) => target(text)?.href), ['http://a/', 'https://a/', 'mailto:a@b'])
  for (const text of ['javascript:x', 'java\nscript:x', 'data:,x', 'blob:http://a/b', 'ftp://a', '//a', '/a', '#a', '', 'https://', `https://a/${'b'.repeat(2000)}`]) {
    assert.equal(target(text), null, text)
  }
})

test('a label that names another site is found out, an honest one is left alone', () => {
  for (const label of ['bank.example', 'https://bank.example/x', 'Bank.Example', 'mail@bank.example', 'elpmaxe\u202e', 'a'.repeat(300)]) {
    assert.equal(elsewhere(label, 'https://evil.example/bank.example'), 'evil.example', label)
  }
  assert.equal(elsewhere('https://bank.example@evil.example/', 'https://bank.example@evil.example/'), 'evil.example')
  assert.equal(elsewhere('evil.example, the new bank.example', 'https://evil.example/'), 'evil.example')
  for (const label of ['here', 'bank', 'a.example', 'www.a.example', 'https://a.example/x', 'http://a.example:80', '1.5 of it', 'a.example/b.other']) {
    assert.equal(elsewhere(label, 'https://www.a.example/x'), '', label)
  }
  assert.equal(elsewhere('a.example', 'https://maps.a.example/'), '')
  assert.equal(elsewhere('https://हिन्दी.example', new URL('https://हिन्दी.example').href), '')
  const long = `https://a.example/${'\u0436'.repeat(200)}`
  assert.equal(elsewhere(long, new URL(long).href), '')
  assert.equal(elsewhere(`https://bank.example@${long.slice(8)}`, new URL(`https://bank.example@${long.slice(8)}`).href), 'a.example')
  assert.equal(elsewhere('localhost:8000', 'http://localhost:8000/'), '')
})

test('a text without a sign needs no reader', () => {
  for (const text of ['hello', 'a - b', 'it costs 3. then', 'x > y', 'https://a.example/b', '1 + 1', 'so!', 'a\nb']) assert.ok(!isMarked(text), text)
  for (const text of ['*a*', 'a\n- b', '> a', '1. a', '`a`', '<https://a>', 'a\n  2) b', '[a](b)', '\\*', '~~a~~']) assert.ok(isMarked(text), text)
})

test('no letter is lost, however deep it stands', () => {
  for (let depth = 1; depth < 40; depth += 1) {
    for (const sign of ['> ', '- ', '1. ', '**', '[', '*_']) {
      const text = `${sign.repeat(depth)}deep`
      const seen = read(text)
      assert.ok(seen === null || seen.map(show).join('').includes('deep'), text)
    }
  }
})

test('a text full of signs is shown as it is', () => {
  assert.equal(read('*a '.repeat(900)), null)
  assert.equal(read('https://a.example '.repeat(101)), null)
  assert.notEqual(read(`${'*a* '.repeat(350)}${'[b](https://a.example) '.repeat(40)}`), null)
  assert.equal(addresses('https://a.example '.repeat(300)).filter(({ href }) => href).length, 100)
})
