let asked = null

// All emoji in their groups, fetched when they are first wanted. rejects when they cannot be had now; to be asked again.
export function emojiGroups() {
  asked ??= load()
  asked.catch(() => (asked = null))
  return asked
}

async function load() {
  const answer = await fetch(new URL('../vendor/emoji.json', import.meta.url))
  if (!answer.ok) throw new Error(`emoji: ${answer.status}`)
  return (await answer.json()).map((rows) => rows.map(([sign, names, words]) => ({ sign, names: names.split(' '), words })))
}
