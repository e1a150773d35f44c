const BLANK = /[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\u{13441}\u{13442}\u{1d159}]/gu
const JOINER = /[\u200c\u200d\ufe0f]/g
const NOT_IN_ADDRESS = /[^\p{L}\p{N}\p{Mn}\p{Mc}\p{So}]+/gu
// One form for letters that differ in size alone. A final sigma is a sigma, a dotless i stays one, and Cherokee folds upwards.
const small = (text) =>
  text
    .replace(/[^ı]+/gu, (part) => part.toLowerCase().toUpperCase().toLowerCase())
    .replaceAll('ς', 'σ')
    .replace(/\p{Script=Cherokee}+/gu, (part) => part.toUpperCase())
const CHARS = 64

// The address that the server will give to a room of this name: app/chat/rooms.py makes it. Empty: there is none.
export function roomAddress(name) {
  let folded = name
  for (let before = null; folded !== before; ) {
    before = folded
    folded = small(folded.normalize('NFKC')).normalize('NFKC')
  }
  const kept = folded.replace(JOINER, '').replace(BLANK, '-').replace(NOT_IN_ADDRESS, '-').replace(/-+/g, '-')
  return Array.from(kept).slice(0, CHARS).join('').replace(/^-+|-+$/g, '')
}
