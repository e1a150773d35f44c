import { announcer } from './announcer.js'
import { parts } from './dom.js'
import { lineList } from './line-list.js'
import { dayView, gapView, newView, systemView } from './line-views.js'
import { membersView } from './members-view.js'
import { namesPerson } from './mentions.js'
import { messageLinks } from './message-links.js'
import { messageView } from './message-view.js'
import { isTold } from './notice-choices.js'
import { notices } from './notices.js'
import { reader } from './reader.js'
import { richText } from './rich-text.js'
import { roomWriting } from './room-writing.js'
import { isThisMachine } from './share.js'
import { soon } from './soon.js'
import { talk } from './talk.js'
import { typing } from './typing.js'
import { unread } from './unread.js'
import { phrase } from './words.js'

const template = (id) => document.getElementById(id)
const COPIED_MS = 2000
const NOTE_MS = 10_000

// One room on the page: makes every part of its view and ties them together. The parts know nothing of each other. A view that
// is hidden is not drawn until it is shown.
//
// node    the markup of templates/_room_view.html
// room    {slug, title, name}: `name` is mine in here
// page    {meId, bodyChars, origin, wire, store, share, help}: what all rooms share
// tells   changed() the state of the room; read() as far as its mark says; entered(title); renamed(name); rename(name or none), leave() and open() were asked for
export function roomView(node, { slug, title, name }, page, tells) {
  const on = parts(node)
  const me = { id: page.meId, name }
  const link = `${page.origin}/r/${encodeURIComponent(slug)}`
  const redraw = soon(draw)
  const namesMe = namesPerson(() => me.name)
  const gone = new AbortController()
  let place = 0 // where the reader was when the view was hidden

  const here = talk({
    room: slug,
    me,
    wire: page.wire,
    store: page.store,
    tells: {
      changed() {
        tells.changed()
        redraw()
      },
      entered(known) {
        on.title.textContent = title = known
        unseen.begin()
        tells.entered(title)
      },
      renamed: tells.renamed,
      typed: (members) => writing.hear(members),
      arrived(message, isLive) {
        if (isLive) reading.hear()
        if (message.author.id !== me.id) news.hear(message)
        if (message.author.id !== me.id && !node.hidden) aloud.hear(message)
        writing.done(message.author.id)
      },
    },
  })

  const news = notices({ slug, title: () => title, namesMe, opened: tells.open, signal: gone.signal })
  const unseen = unread({ slug, log: here.log, me: me.id, namesMe })
  const write = richText({ template: template('code-block'), still: (change) => reading.still(change) })
  const lines = lineList(on.lines, {
    message: messageView(
      { message: template('message-line'), state: template('message-state'), mixed: template('mixed-mark'), role: template('role-mark') },
      {
        retry: ({ client_id }) => here.retry(client_id),
        discard: ({ client_id }) => here.discard(client_id),
      },
      { write, namesMe },
    ),
    day: dayView(template('day-line')),
    system: systemView(template('system-line')),
    gap: gapView(template('gap-line'), (gap) => reading.load(gap)),
    new: newView(template('new-line')),
  })
  const reading = reader(
    { room: slug, talk: here, lines, isShown: () => !node.hidden },
    { view: on.scroller, list: on.lines, button: on.toEnd, word: on.toEndText, busy: (is) => (on.older.hidden = !is) },
    { redraw, missed: tellNoMessage, signal: gone.signal },
  )
  const aloud = announcer(on.aloud)
  const members = membersView(
    {
      list: on.people,
      template: template('person-line'),
      counts: [on.count, on.countAgain],
      button: on.peopleButton,
      filter: on.peopleFilter,
      none: on.peopleNone,
      more: on.morePeople,
    },
    { mention, rename: () => tells.rename(), readOn: here.morePeople },
  )
  const writing = typing(on.typing, me.id)
  const box = roomWriting(on, { slug, page, here, say, rename: tells.rename, signal: gone.signal })

  function draw() {
    unseen.note()
    reading.draw()
    tells.read()
    aloud.readOut()
    if (node.hidden) return
    on.empty.hidden = !here.isEmpty()
    on.alone.hidden = here.count() !== 1 || here.isEmpty()
    members.show(here.people(), here.count(), here.hasMorePeople())
  }

  // On a narrow screen the people lie over the box.
  function mention(name) {
    if (on.peoplePanel.matches(':popover-open')) on.peoplePanel.hidePopover()
    box.mention(name)
  }

  // The present has the room's own address.
  function toEnd() {
    if (location.hash) history.replaceState(history.state, '', location.pathname)
    reading.toEnd()
    draw()
  }

  // Said once: the address is that of the room now, so the next load has nothing to miss.
  function tellNoMessage() {
    toEnd()
    on.noMessage.textContent = phrase('room.no_message')
    on.noMessage.hidden = false
    aloud.read(on.noMessage.textContent)
    setTimeout(() => (on.noMessage.hidden = true), NOTE_MS)
  }

  async function copyMessageLink(hash, line) {
    if (!(await page.share.message(link + hash))) return
    aloud.read(phrase('room.message_link_copied'))
    line.classList.add('is-copied')
    setTimeout(() => line.classList.remove('is-copied'), COPIED_MS)
  }

  async function say(body) {
    toEnd()
    await here.say(body)
    box.look()
  }

  on.title.textContent = title
  on.address.value = link
  on.onlyHere.hidden = !isThisMachine(new URL(link).hostname)
  on.toEnd.addEventListener('click', toEnd)
  on.cautionClose?.addEventListener('click', () => on.caution.remove())
  for (const button of [on.share, on.shareEmpty]) button.addEventListener('click', () => page.share.room({ link, slug, title }))
  on.leave.addEventListener('click', tells.leave)
  messageLinks({ view: on.scroller, lines: on.lines }, { copy: copyMessageLink, signal: gone.signal })
  here.refresh()

  return {
    slug,
    title: () => title,
    name: () => me.name,
    state: here.state,
    hear: here.hear,
    join: here.join,
    out: here.out,
    rename: here.rename,
    unread: unseen.look,
    unsent: here.unsent,
    focus: box.focus,
    focusTitle: () => on.heading.focus(),
    goTo: reading.goTo,

    show() {
      node.hidden = false
      on.scroller.scrollTop = place
      reading.shown()
      draw()
    },

    hide() {
      place = on.scroller.scrollTop
      node.hidden = true
    },

    async leave() {
      gone.abort()
      await here.leave()
      node.remove()
    },

    // What its head says: does something wait in another room, and is this one told of out of sight?
    head({ waits }) {
      on.roomsButton.classList.toggle('room__rooms--waiting', waits)
      on.roomsButton.setAttribute('aria-label', phrase(waits ? 'rooms.waiting' : 'rooms.label'))
      const told = isTold(slug)
      on.bellOn.hidden = !told
      on.bellOff.hidden = told
      on.bell.title = phrase(told ? 'notices.are_on' : 'notices.are_off')
      on.bell.setAttribute('aria-label', on.bell.title)
    },
  }
}
