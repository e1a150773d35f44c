// Web and mail addresses in a stranger's text. Pure, and in time that grows with the text alone.
const SCHEMES = new Set(['http:', 'https:', 'mailto:'])
const BEGINS = /(?<![\p{L}\p{N}_])(?:https?:\/\/|www\.|mailto:)(?=[\p{L}\p{N}[])/giu
// Up to a space or a sign that no address holds as it is; nothing invisible, nothing that turns the direction.
const WHOLE = /[^\s<>"`\p{C}]+/uy
const AFTER = /[?!.,:;*_~'\u2019\u201d\u3001\u3002\uff0c\uff0e\uff01\uff1f]/
const BRACKETS = { ')': '(', ']': '[', '}': '{', '\uff09': '\uff08', '\u300d': '\u300c' }
const LONGEST = 2000
const MOST = 100

// The URL that a link may lead to, or null.
export function target(text) {
  if (text.length > LONGEST) return null
  try {
    const url = new URL(text)
    return SCHEMES.has(url.protocol) ? url : null
  } catch {
    return null
  }
}

// What begins at `at`, where `addresses` or `nextAddress` found a beginning: {end, href?}; no href, no address up to there.
export function addressAt(text, at) {
  WHOLE.lastIndex = at
  const whole = WHOLE.exec(text)[0]
  const own = whole.slice(0, lengthWithoutTail(whole))
  const url = target(/^www\./i.test(own) ? `https://${own}` : own)
  return url ? { end: at + own.length, href: url.href } : { end: at + whole.length }
}

// Where the next address may begin, from `from` on: -1 for nowhere.
export function nextAddress(text, from) {
  BEGINS.lastIndex = from
  return BEGINS.exec(text)?.index ?? -1
}

// A sentence ends with signs that are not part of the address; a bracket is, when the address opened it.
function lengthWithoutTail(whole) {
  const open = {}
  for (const sign of whole) open[sign] = (open[sign] ?? 0) + 1
  let length = whole.length
  for (; length > 0; length -= 1) {
    const last = whole[length - 1]
    const opener = BRACKETS[last]
    if (opener ? (open[last] ?? 0) <= (open[opener] ?? 0) : !AFTER.test(last)) break
    open[last] -= 1
  }
  return length
}

// A text in pieces: texts, and {label, href} for each of the first hundred addresses.
export function addresses(text) {
  const pieces = []
  let from = 0
  let at = nextAddress(text, 0)
  for (let tried = 0; at >= 0 && tried < MOST; tried += 1) {
    const { end, href } = addressAt(text, at)
    if (href) {
      if (at > from) pieces.push(text.slice(from, at))
      pieces.push({ label: text.slice(at, end), href })
      from = end
    }
    at = nextAddress(text, end)
  }
  if (from < text.length) pieces.push(text.slice(from))
  return pieces
}
