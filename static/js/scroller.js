const NEAR_END = 100
const LINE_PX = 24
// Lines that move with what stands behind them: nothing to hold on to.
const LOOSE = '.day, .new, .gap'

// The view on the lines. At the end it stays at the end; anywhere else the line under the eye stays where it is, whatever grows
// or comes above it.
//
// moved()   the reader looks somewhere else
export function scroller({ view, lines }, moved) {
  let following = true
  let held = null // {line, foot}: what the reader looks at, and where it stands

  const toGo = () => view.scrollHeight - view.clientHeight - view.scrollTop
  const top = () => view.getBoundingClientRect().top
  // A line stands on its foot: its head may go when an earlier message of the same author arrives above it.
  const foot = (line) => line.getBoundingClientRect().bottom

  // The first line that reaches into the view.
  function underTheEye() {
    const all = lines.children
    const edge = top()
    let [low, high] = [0, all.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (foot(all[middle]) > edge) high = middle
      else low = middle + 1
    }
    while (all[low]?.matches(LOOSE)) low += 1
    return all[low] ?? null
  }

  function hold() {
    const line = following ? null : underTheEye()
    held = line && { line, foot: foot(line) }
  }

  function settle() {
    if (following) view.scrollTop = view.scrollHeight
    else if (held?.line.isConnected) view.scrollTop += foot(held.line) - held.foot
    hold()
  }

  view.addEventListener(
    'scroll',
    () => {
      moved()
      hold()
    },
    { passive: true },
  )

  // A picture that loads, a keyboard that opens, a box that grows.
  const sizes = new ResizeObserver(settle)
  sizes.observe(view)
  sizes.observe(lines)

  return {
    isFollowing: () => following,
    follow(is) {
      following = is
    },
    isNearEnd: () => toGo() < NEAR_END,
    isFarFromEnd: () => toGo() > view.clientHeight,
    // The next step must be drawn before the reader comes to it.
    isNearStartOfLines: () => view.scrollTop < view.clientHeight,
    isNearEndOfLines: () => toGo() < view.clientHeight,
    // How many lines fill the view, and a little more.
    screenful: () => Math.ceil((1.2 * view.clientHeight) / LINE_PX),

    // Change the lines by `draw` without moving what is read.
    keep(draw) {
      hold()
      draw()
      settle()
    },

    // Bring a line into the upper part of the view.
    show(line) {
      following = false
      view.scrollTop += line.getBoundingClientRect().top - top() - view.clientHeight / 4
      hold()
    },
  }
}
