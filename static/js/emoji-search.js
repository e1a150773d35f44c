// Which emoji is meant. Pure. An emoji is {sign, names, label, words}: `names` as between colons, `label` what it is called, `words` that find it too.
// Those of that very name, then those whose name begins so, then those with a word of a name, or a word, that does.
export function findEmoji(all, beginning, most) {
  const key = beginning.trim().toLowerCase().replace(/\s+/g, '_')
  const ranked = [[], [], [], []]
  for (const emoji of all) ranked[rank(emoji, key)]?.push(emoji)
  return ranked.flat().slice(0, most)
}

function rank({ names, words }, key) {
  if (names.includes(key)) return 0
  if (names.some((name) => name.startsWith(key))) return 1
  if (names.some((name) => name.includes(`_${key}`))) return 2
  return ` ${words}`.includes(` ${key.replaceAll('_', ' ')}`) ? 3 : -1
}

export const emojiNamed = (all, name) => all.filter(({ names }) => names.includes(name)).slice(0, 1)
