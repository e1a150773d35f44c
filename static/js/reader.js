import { history } from './history.js'
import { markRead, readMark } from './read-marks.js'
import { scroller } from './scroller.js'
import { stretch } from './stretch.js'
import { phrase } from './words.js'

// Messages drawn for a reader who is at the end, and those kept on either side for one who is not.
const AT_END = 200
const BESIDE = 500
const MARKED_MS = 3000

// Reading one room. At the end it follows the talk; anywhere else the view stays, more is drawn and loaded as the reader comes near
// it, and a button says how much is new and leads to the end. It opens where the reader stopped, or at a linked message.
//
// talk       see talk.js; lines   see line-list.js
// isShown()  this room is the one on the page: else nobody reads it, and nothing is drawn
// redraw()   draw() is wanted soon; missed()   a link leads beyond the newest message; signal   ends it
export function reader({ room, talk, lines, isShown }, { view: box, list, button, word, busy }, { redraw, missed, signal }) {
  const { log } = talk
  const view = scroller({ view: box, lines: list }, moved)
  const part = stretch(log)
  const load = history({ fetchPage: talk.load, busy })
  let epoch = null // of the log that is open
  let seen = Infinity // the room's number when the reader was last here and at the end
  let marked = null // the number this browser remembers
  let unseen = Infinity // behind this number stands the divider
  let news = 0
  let goal = null // {number, isLink}: where to go once it is loaded
  let linked = null // a message asked for before the room was open
  let drawn = []
  let arrived = 0 // live messages since the last picture
  let isBurst = false // of more than a screenful between two pictures only that much is drawn

  const isPresent = () => isShown() && view.isFollowing() && !goal && document.visibilityState === 'visible'

  function open() {
    const { seq } = log.cursor()
    epoch = log.cursor().epoch
    marked = readMark(room, seq)
    seen = marked ?? seq
    unseen = Infinity
    view.follow(true)
    if (linked) go(linked, true)
    else toUnseen()
  }

  function toUnseen() {
    if (talk.countAfter(seen) > 0) go(seen + 1, false)
  }

  async function go(number, isLink) {
    const mine = (goal = { number, isLink })
    linked = null
    if (!log.isLoaded(number)) {
      box.classList.add('timeline--seeking')
      await talk.loadAround(number)
    }
    if (goal === mine) arriveAt(mine)
  }

  function arriveAt({ number, isLink }) {
    stopSeeking()
    if (isLink && number > log.last()) return missed()
    if (log.isLoaded(number) && log.last() > 0) {
      view.follow(false)
      note()
      part.around(Math.min(number, log.last()))
      paint()
      const line = drawn.find(({ id }) => id >= number) ?? drawn.findLast(({ id }) => id)
      const target = lines.node(line.key)
      view.show(isLink ? target : (lines.node('new') ?? target))
      if (isLink) point(target)
      moved()
    }
    redraw()
  }

  function stopSeeking() {
    goal = null
    box.classList.remove('timeline--seeking')
  }

  function point(node) {
    node.classList.add('message--target')
    setTimeout(() => node.classList.remove('message--target'), MARKED_MS)
  }

  function moved() {
    if (goal || !isShown()) return
    const atEnd = view.isNearEnd() && part.isLive()
    if (atEnd && !view.isFollowing()) redraw()
    if (!atEnd) part.hold()
    view.follow(atEnd)
    approach()
    offer()
  }

  // Draw what the reader comes near; load it when it is not here.
  function approach() {
    if (goal || isBurst) return
    if (view.isNearStartOfLines()) {
      if (!view.isFollowing() && part.back()) return redraw()
      load(part.missingBefore())
    }
    if (view.isFollowing() || !view.isNearEndOfLines()) return
    if (part.on()) redraw()
    else load(part.missingAfter())
  }

  // What the reader sees is not new; what they do not see is, and stands behind the divider.
  function note() {
    const { seq } = log.cursor()
    if (isPresent()) {
      if (seq !== marked) markRead(room, seq)
      seen = marked = seq
      news = 0
    } else {
      news = talk.countAfter(seen)
      if (news > 0) unseen = seen
    }
  }

  function offer() {
    button.hidden = view.isFollowing() || (news === 0 && part.isLive() && !view.isFarFromEnd())
    word.textContent = news ? phrase('room.new', { n: news }) : phrase('room.to_end')
  }

  function choose() {
    if (!view.isFollowing() && !log.ids(part.first(), part.last()).length) view.follow(true)
    if (view.isFollowing()) {
      const count = isBurst ? view.screenful() : Math.max(AT_END, 3 * view.screenful())
      talk.trim(count)
      part.follow(count)
    } else trimAround()
  }

  function trimAround() {
    if (log.size() > 4 * BESIDE) log.trimAround(part.first(), part.last(), BESIDE)
  }

  function paint() {
    drawn = talk.lines({ first: part.first(), last: part.last(), seen: unseen })
    lines.show(drawn)
  }

  function draw() {
    if (!isShown()) return rest()
    isBurst = arrived > view.screenful()
    arrived = 0
    if (log.cursor() && log.cursor().epoch !== epoch) open()
    choose()
    if (log.cursor()) note()
    view.keep(paint)
    offer()
    approach()
    // Nobody may come after the last of a burst.
    if (isBurst) redraw()
  }

  // Out of sight: what is new is counted, and what is old let go.
  function rest() {
    arrived = 0
    if (log.cursor()) note()
    if (view.isFollowing()) talk.trim(AT_END)
    else trimAround()
  }

  document.addEventListener('visibilitychange', redraw, { signal })

  return {
    draw,
    load,
    // Runs `change` of some lines without moving what is read.
    still: view.keep,
    hear() {
      arrived += 1
    },

    // The room is shown again: whoever was at the end finds the first message since, anybody else is where they were.
    shown() {
      if (!epoch || goal || !view.isFollowing()) return
      seen = readMark(room, log.cursor().seq) ?? seen
      toUnseen()
    },

    // To a message, by its number, as soon as it is here.
    goTo(number) {
      if (epoch) go(number, true)
      else linked = number
    },

    toEnd() {
      stopSeeking()
      linked = null
      view.follow(true)
    },
  }
}
