import { phrase } from './words.js'

const NEAR_END = 100
// A reader who is further up gets so many new messages drawn below, and as many again on coming near them.
const AHEAD = 200
const LINE_PX = 24

// The view on the lines: at the end it follows the talk; anywhere else the line under the eye stays where it is, and a button
// says how much is new and leads to the end.
//
// moved()     the reader looks somewhere else
// reached()   more, or less, is to be drawn: see reach()
export function scroller({ view, lines, button, word }, { moved, reached }) {
  let following = true
  let latest = 0
  let seen = 0 // the last message there was while the reader was at the end
  let reach = Infinity // the last message to draw

  const toGo = () => view.scrollHeight - view.clientHeight - view.scrollTop
  const toEnd = () => {
    arrive()
    view.scrollTop = view.scrollHeight
  }

  function reachTo(last) {
    if (last === reach) return
    reach = last
    reached()
  }

  function arrive() {
    following = true
    reachTo(Infinity)
    seen = latest
    button.hidden = true
  }

  // The first line that reaches into the view: what the reader looks at. Not a day: it moves up to the day's first message.
  function underTheEye() {
    const top = view.getBoundingClientRect().top
    return Array.from(lines.children).find((line) => foot(line) > top && !line.matches('.day'))
  }

  // A line stands on its foot: its head may go when an earlier message of the same author arrives above it.
  const foot = (line) => line.getBoundingClientRect().bottom

  view.addEventListener(
    'scroll',
    () => {
      const isNearEnd = toGo() < NEAR_END
      if (isNearEnd && reach >= latest) arrive()
      else if (following || isNearEnd) {
        reachTo((following ? latest : reach) + AHEAD)
        following = false
      }
      moved()
    },
    { passive: true },
  )

  // A picture that loads, a keyboard that opens, a box that grows: the end stays the end.
  const sizes = new ResizeObserver(() => following && toEnd())
  sizes.observe(view)
  sizes.observe(lines)

  return {
    toEnd,
    isFollowing: () => following,
    reach: () => reach,
    // How many lines fill the view, and a little more.
    screenful: () => Math.ceil((1.2 * view.clientHeight) / LINE_PX),
    isNearStart: () => view.scrollTop < view.clientHeight,
    sees: (line) => foot(line) > view.getBoundingClientRect().top,

    // Change the lines by `draw` without moving what is read. `news(id)` counts what came after message `id`.
    keep(draw, { last, news }) {
      const eye = following ? null : underTheEye()
      const before = eye && foot(eye)
      draw()
      latest = last
      if (following) return toEnd()
      if (eye?.isConnected) view.scrollTop += foot(eye) - before
      const count = news(seen)
      button.hidden = count === 0
      word.textContent = phrase('room.new', { n: count })
    },
  }
}
