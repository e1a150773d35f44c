// Scripts that are written without spaces, or that hang endings on a name.
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
const WORD = '[\\p{L}\\p{N}\\p{M}_]'

// (text) → does it name `name`: as @name or as a word, in capitals or not? An address such as joe@name.example does not. Pure.
export function naming(name) {
  const own = name.normalize('NFC')
  const before = UNSPACED.test(own) ? '' : `(?<!${WORD}@?)`
  const after = UNSPACED.test(own) ? '' : `(?!${WORD})`
  const named = new RegExp(before + own.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&') + after, 'iu')
  return (text) => named.test(text.normalize('NFC'))
}

// The same for somebody whose name may change: `name()`.
export function namesPerson(name) {
  let known = ''
  let names = null
  return (text) => {
    if (name() !== known) names = naming((known = name()))
    return names(text)
  }
}
