import { locale } from './locale.js'
import { pieces, phrase } from './words.js'

// What is said of people: lists of texts and {name}s.
const lists = new Intl.ListFormat(locale)

export function people(names, most = 3) {
  const shown = names.slice(0, names.length > most + 1 ? most : names.length).map((name) => ({ name }))
  const rest = names.length - shown.length
  const all = rest ? [...shown, phrase('people.others', { n: rest })] : shown
  return lists.formatToParts(all.map((_, at) => String(at))).map(({ type, value }) => (type === 'element' ? all[value] : value))
}

const about = (key) => ({ names }) => pieces(key, { n: names.length, people: people(names) })

const HAPPENED = {
  joined: about('people.joined'),
  left: about('people.left'),
  returned: about('people.returned'),
  visited: about('people.visited'),
  renamed: ({ name, old_name }) => pieces('people.renamed', { name: { name }, old_name: { name: old_name } }),
}

export const happened = (sentences) =>
  sentences.flatMap((sentence, at) => [...(at ? [' · '] : []), ...HAPPENED[sentence.what](sentence)])

export function typing(names) {
  if (names.length === 0) return []
  return names.length > 3 ? pieces('people.many_typing') : about('people.typing')({ names })
}
