import { language, locale } from './locale.js'

// Every word of the page, in its language. A text has places for values, {like} this; one that counts has a form for each plural
// of its language and is given the number as `n`.
const texts = await (await fetch(new URL(`../words/${language}.json`, import.meta.url))).json()
const plurals = new Intl.PluralRules(locale)
const numbers = new Intl.NumberFormat(locale)

// A sentence as a list of texts and, where a value is {name}, names: a stranger's text, which gets a node of its own.
export function pieces(key, values = {}) {
  const text = texts[key]
  const form = typeof text === 'string' ? text : text[plurals.select(values.n)]
  return form.split(/\{(\w+)\}/).flatMap((piece, at) => (at % 2 ? shown(values[piece]) : piece || []))
}

// As the language writes numbers.
export const figure = (n) => numbers.format(n)

const shown = (value) => (typeof value === 'number' ? figure(value) : value)

export const phrase = (key, values) => pieces(key, values).join('')

// Why not, in the page's words; for a code or a rule of it that has none, in the server's. No code at all: no answer came.
export function reason({ code = 'no_answer', rule, detail, asked }) {
  const key = rule ? `refusal.${code}.${rule}` : `refusal.${code}`
  return texts[key] ? phrase(key, asked) : detail
}
