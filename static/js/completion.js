// Which name is being written, and who it may become. Pure.
const LONGEST = 40
const MOST = 8
const marks = /\p{M}/gu

export const fold = (text) => text.normalize('NFKD').replace(marks, '').toLocaleLowerCase()

// The name being written at the end of `text`: {from, begun}, or null. With @ from its first letter on; any word when `asked`.
export function begun(text, asked) {
  const tail = text.slice(-LONGEST)
  const found = /(?:^|[\s([{])@([^\s@]*)$/u.exec(tail) ?? (asked ? /(?:^|[\s([{])([^\s@]+)$/u.exec(tail) : null)
  if (!found || (found.index === 0 && text.length > LONGEST)) return null
  const at = found[0].includes('@')
  return { from: text.length - found[1].length - (at ? 1 : 0), begun: found[1], at }
}

// Names that begin so come first, then those with a later word that does.
export function matching(names, beginning) {
  const key = fold(beginning)
  const first = names.filter((name) => fold(name).startsWith(key))
  const later = names.filter((name) => !first.includes(name) && fold(name).split(/\s/).some((word) => word.startsWith(key)))
  return [...first, ...later].slice(0, MOST)
}
