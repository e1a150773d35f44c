import { begun, matching } from './completion.js'
import { begunEmoji } from './emoji.js'
import { phrase } from './words.js'

// What can be completed while it is written. A source finds where it begins, begun(text, asked), and what it may become:
// options(written, again) gives {label, text}; `again` is to be called when there may be more.
const MOST = 8

export const nameSource = (names) => ({
  title: phrase('composer.names'),
  begun,
  options: ({ begun: beginning, at }) =>
    matching(names(), beginning).map((name) => ({ label: name, text: `${at ? '@' : ''}${name} ` })),
})

export function emojiSource() {
  let emoji = null

  async function load() {
    const [{ emojiGroups }, search] = await Promise.all([import('./emoji-data.js'), import('./emoji-search.js')])
    return { all: (await emojiGroups()).flat(), ...search }
  }

  return {
    title: phrase('composer.emoji'),
    begun: begunEmoji,

    options({ begun: beginning, closed }, again) {
      if (!emoji) {
        load().then((loaded) => {
          emoji = loaded
          again()
        }, () => {})
        return []
      }
      const { all, emojiNamed, findEmoji } = emoji
      const found = closed ? emojiNamed(all, beginning) : findEmoji(all, beginning, MOST)
      return found.map(({ sign, names: [name] }) => ({ label: `${sign} :${name}:`, text: closed ? sign : `${sign} ` }))
    },
  }
}
