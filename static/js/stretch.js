// Which of the loaded messages are drawn: a stretch without a hole, and never more than MOST. Pure.
export const MOST = 400
const STEP = 100

export function stretch(log) {
  let first = 0
  let last = Infinity // until somebody holds it: the end, and whatever is said next

  const bounds = () => log.run(last === Infinity ? log.last() : last)

  return {
    first: () => first,
    last: () => last,
    // Nothing was said after the last line.
    isLive: () => last >= log.last(),

    // The newest `count`, and what is said next.
    follow(count) {
      first = log.ids(log.run(log.last()).first, Infinity).slice(-count)[0] ?? 0
      last = Infinity
    },

    // What is said next waits.
    hold() {
      last = Math.min(last, log.last())
    },

    // Message `number` with what was said before and after it.
    around(number) {
      const run = log.run(number)
      first = log.ids(run.first, number - 1).slice(-STEP)[0] ?? number
      last = log.ids(number, run.last).slice(0, STEP).at(-1) ?? number
    },

    // A step to what was said before. False when no more of it is loaded.
    back() {
      const earlier = log.ids(bounds().first, first - 1).slice(-STEP)
      if (!earlier.length) return false
      first = earlier[0]
      last = log.ids(first, last)[MOST - 1] ?? last
      return true
    },

    // A step to what was said later.
    on() {
      const later = log.ids(last + 1, bounds().last).slice(0, STEP)
      if (!later.length) return false
      last = later.at(-1)
      first = log.ids(first, last).slice(-MOST)[0]
      return true
    },

    // What is to be loaded for the next step: {before} or {after} a number; null at the first message, and at the end.
    missingBefore: () => (bounds().first > 0 ? { before: bounds().first } : null),
    missingAfter: () => (bounds().last < Infinity ? { after: bounds().last } : null),
  }
}
