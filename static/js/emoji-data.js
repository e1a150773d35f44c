import { language } from './locale.js'
import { onFirstUse } from './on-first-use.js'

// All emoji in their groups. rejects when they cannot be had now
export const emojiGroups = onFirstUse(async () => {
  const answer = await fetch(new URL(`../vendor/emoji.${language}.json`, import.meta.url))
  if (!answer.ok) throw new Error(`emoji: ${answer.status}`)
  return (await answer.json()).map((rows) => rows.map(([sign, names, label, words]) => ({ sign, names: names.split(' '), label, words: `${label.toLowerCase()} ${words}` })))
})
