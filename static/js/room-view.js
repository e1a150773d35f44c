import { composer } from './composer.js'
import { parts } from './dom.js'
import { draft } from './drafts.js'
import { history } from './history.js'
import { lineList } from './line-list.js'
import { dayView, gapView, systemView } from './line-views.js'
import { membersView } from './members-view.js'
import { namesPerson } from './mentions.js'
import { messageView } from './message-view.js'
import { nameCompletion } from './name-completion.js'
import { richText } from './rich-text.js'
import { scroller } from './scroller.js'
import { copyText, isThisMachine, shareButton } from './share.js'
import { soon } from './soon.js'
import { talk } from './talk.js'
import { typing } from './typing.js'
import { phrase } from './words.js'

const template = (id) => document.getElementById(id)
// Messages on the page of a reader who is at the end. Of a burst (more than a screenful between two pictures) only that much
// is drawn.
const KEPT = 200

// One room on the page: makes every part of its view and ties them together. The parts know nothing of each other. A view that
// is hidden is not drawn until it is shown.
//
// node    the markup of templates/_room_view.html
// room    {slug, title, name}: `name` is mine in here
// page    {meId, bodyChars, origin, wire, store, linkDialog, help}: what all rooms share
// tells   changed() the state of the room; entered(title); renamed(name); rename(name or none) and leave() were asked for
export function roomView(node, { slug, title, name }, page, tells) {
  const on = parts(node)
  const me = { id: page.meId, name }
  const link = `${page.origin}/r/${encodeURIComponent(slug)}`
  const redraw = soon(draw)
  let arrived = 0 // live messages since the last picture
  let isBurst = false
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
        tells.entered(title)
      },
      renamed: tells.renamed,
      typed: (members) => writing.hear(members),
      arrived({ author }) {
        arrived += 1
        writing.done(author.id)
      },
    },
  })

  const view = scroller(
    { view: on.scroller, lines: on.lines, button: on.toEnd, word: on.toEndText },
    { moved: lookBack, reached: redraw },
  )
  const past = history({ view, lines: on.lines, timeline: here.log, fetchPage: here.past, busy: (is) => (on.older.hidden = !is) })
  const write = richText({ template: template('code-block'), still: (change) => view.keep(change, { last: here.log.last(), news: here.countAfter }) })
  const lines = lineList(on.lines, {
    message: messageView(
      { message: template('message-line'), state: template('message-state'), mixed: template('mixed-mark'), role: template('role-mark') },
      {
        retry: ({ client_id }) => here.retry(client_id),
        copy: ({ body }) => copyText(body),
        discard: ({ client_id }) => here.discard(client_id),
      },
      { write, namesMe: namesPerson(() => me.name) },
    ),
    day: dayView(template('day-line')),
    system: systemView(template('system-line')),
    gap: gapView(template('gap-line'), past.load),
  })
  const members = membersView(
    { list: on.people, template: template('person-line'), counts: [on.count, on.countAgain], button: on.peopleButton, more: on.morePeople },
    { rename: () => tells.rename(), readOn: here.morePeople },
  )
  const writing = typing(on.typing, me.id)
  nameCompletion({ box: on.box, list: on.names, status: on.namesStatus, template: template('name-option') }, () =>
    here.people().flatMap(({ name, mine }) => (mine ? [] : [name])),
  )
  const box = composer(
    { form: on.composer, box: on.box, send: on.send, hint: on.hint },
    {
      limit: page.bodyChars,
      draft: draft(slug),
      say,
      commands: { nick: tells.rename, help: page.help },
      typing: here.typing,
      touch: matchMedia('(pointer: coarse)').matches,
      word: () => (page.store.keeps() ? '' : phrase('composer.keeps_nothing')),
    },
  )
  for (const button of [on.share, on.shareEmpty]) shareButton({ button, ...page.linkDialog }, link)

  function draw() {
    const last = here.log.last()
    isBurst = arrived > view.screenful()
    arrived = 0
    if (view.isFollowing()) here.trim(isBurst ? view.screenful() : Math.max(KEPT, 3 * view.screenful()))
    if (node.hidden) return
    view.keep(() => lines.show(here.lines(view.reach())), { last, news: here.countAfter })
    on.empty.hidden = !here.isEmpty()
    members.show(here.people(), here.count(), here.hasMorePeople())
    lookBack()
  }

  function lookBack() {
    if (!isBurst) past.look()
  }

  async function say(body) {
    view.toEnd()
    await here.say(body)
    box.look()
  }

  on.title.textContent = title
  on.address.value = link
  on.onlyHere.hidden = !isThisMachine(new URL(link).hostname)
  on.toEnd.addEventListener('click', view.toEnd)
  on.cautionClose?.addEventListener('click', () => on.caution.remove())
  on.leave.addEventListener('click', tells.leave)
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
    focus: box.focus,

    show() {
      node.hidden = false
      on.scroller.scrollTop = place
      draw()
    },

    hide() {
      place = on.scroller.scrollTop
      node.hidden = true
    },

    async leave() {
      await here.leave()
      node.remove()
    },
  }
}
