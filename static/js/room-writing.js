import { emojiSource, nameSource } from './completion-sources.js'
import { completions } from './completions.js'
import { composer } from './composer.js'
import { draft } from './drafts.js'
import { emojiButton } from './emoji-button.js'
import { phrase } from './words.js'

// Where I write in one room: the box, what completes names and emoji in it, and the emoji to pick. Returns the box, see composer.js.
//
// on      the parts of the room's markup; page   as for room-view.js; here   see talk.js
// say(text), rename(name or none)   what comes of it; signal   ends it
export function roomWriting(on, { slug, page, here, say, rename, signal }) {
  completions({ box: on.box, list: on.completions, status: on.completionsStatus, template: document.getElementById('completion') }, [
    emojiSource(),
    nameSource(() => here.people().flatMap(({ name, mine }) => (mine ? [] : [name]))),
  ])
  const box = composer(
    { form: on.composer, box: on.box, send: on.send, hint: on.hint },
    {
      limit: page.bodyChars,
      draft: draft(slug),
      say,
      commands: { nick: rename, help: page.help },
      typing: here.typing,
      touch: matchMedia('(pointer: coarse)').matches,
      word: () => (page.store.keeps() ? '' : phrase('composer.keeps_nothing')),
    },
  )
  emojiButton(
    { button: on.emojiButton, panel: on.emoji, search: on.emojiSearch, groups: on.emojiGroups, grid: on.emojiGrid, status: on.emojiStatus },
    { take: box.insert, closed: box.focus },
    signal,
  )
  return box
}
