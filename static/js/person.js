import { locale } from './locale.js'

// What a person looks like without a picture: a colour that stays theirs whatever their name, and a letter.
export const SHADES = 12

export function shade(id) {
  let hash = 2166136261
  for (const letter of id) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619)
  return (hash >>> 0) % SHADES
}

const graphemes = new Intl.Segmenter(locale, { granularity: 'grapheme' })
const MOST = 1000
const known = new Map() // name → its initial: finding it is slow, and every line asks

// The first letter or sign of a name, with at most two marks on it: a face is small.
export function initial(name) {
  if (!known.has(name)) {
    if (known.size === MOST) known.clear()
    known.set(name, find(name))
  }
  return known.get(name)
}

function find(name) {
  const [first] = graphemes.segment(name.trim())
  return first ? Array.from(first.segment).slice(0, 8).join('').toLocaleUpperCase(locale) : '?'
}
