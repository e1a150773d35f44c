import { begun, matching } from './completion.js'
import { emojiGroups } from './emoji-data.js'
import { begunEmoji, emojiNamed, findEmoji } from './emoji-search.js'
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
  let all = null

  return {
    title: phrase('composer.emoji'),
    begun: begunEmoji,

    options({ begun: beginning, closed }, again) {
      if (!all) {
        emojiGroups().then((groups) => {
          all = groups.flat()
          again()
        }, () => {})
        return []
      }
      const found = closed ? emojiNamed(all, beginning) : findEmoji(all, beginning, MOST)
      return found.map(({ sign, names: [name] }) => ({ label: `${sign} :${name}:`, text: closed ? sign : `${sign} ` }))
    },
  }
}
