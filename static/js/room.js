import { io } from '../vendor/socket.io.esm.min.js'
import { composer } from './composer.js'
import { connection } from './connection.js'
import { parts } from './dom.js'
import { draft } from './drafts.js'
import { history } from './history.js'
import { lineList } from './line-list.js'
import { dayView, gapView, systemView } from './line-views.js'
import { membersView } from './members-view.js'
import { namesPerson } from './mentions.js'
import { messageView } from './message-view.js'
import { reloadOnce, understood } from './mistaken.js'
import { nameCompletion } from './name-completion.js'
import { nameDialog } from './name-dialog.js'
import { rememberName } from './name-memory.js'
import { openOutboxStore } from './outbox-store.js'
import { rememberRoom } from './recent-rooms.js'
import { richText } from './rich-text.js'
import { scroller } from './scroller.js'
import { copyText, isThisMachine, shareButton } from './share.js'
import { shortcuts } from './shortcuts.js'
import { soon } from './soon.js'
import { strip } from './strip.js'
import { talk } from './talk.js'
import { learn } from './times.js'
import { trouble } from './trouble.js'
import { typing } from './typing.js'
import { onWake } from './wake.js'
import { phrase, reason } from './words.js'

// The room page: makes every part and ties them together. The parts know nothing of each other.
const on = parts(document)
const template = (id) => document.getElementById(id)
const { slug: room, meId, meName, bodyChars, shareOrigin } = on.room.dataset
const me = { id: meId, name: meName }
const link = (shareOrigin || location.origin) + location.pathname
const toLobby = () => location.assign('/')
const redraw = soon(draw)
// Messages on the page of a reader who is at the end. Of a burst (more than a screenful between two pictures) only that much
// is drawn.
const KEPT = 200
let arrived = 0 // live messages since the last picture
let isBurst = false

const store = await openOutboxStore()
const wire = connection({ io, member: meId, changed: linkChanged })
const here = talk({
  room,
  me,
  wire,
  store,
  tells: {
    changed: stateChanged,
    entered: (title) => rememberRoom({ slug: room, title }),
    renamed: rememberName,
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
  { rename: () => naming.change(me.name), readOn: here.morePeople },
)
const writing = typing(on.typing, me.id)
const naming = nameDialog(
  {
    dialog: on.nameDialog,
    form: on.nameForm,
    title: on.nameTitle,
    field: on.newName,
    refusal: on.nameRefusal,
    cancel: on.nameCancel,
    save: on.nameSave,
  },
  { rename, away: toLobby },
)
const warning = strip({ strip: on.strip, text: on.stripText, button: on.stripNow }, () =>
  trouble(wire.state(), here.state(), { tryNow: wire.now, reload: () => location.reload(), away: toLobby }),
)
const { help } = shortcuts({ dialog: on.helpDialog }, { write: () => box.focus() })
nameCompletion({ box: on.box, list: on.names, status: on.namesStatus, template: template('name-option') }, () =>
  here.people().flatMap(({ name, mine }) => (mine ? [] : [name])),
)
const box = composer(
  { form: on.composer, box: on.box, send: on.send, hint: on.hint },
  {
    limit: Number(bodyChars),
    draft: draft(room),
    say,
    commands: { nick: (name) => (name ? rename(name) : naming.change(me.name)), help },
    typing: here.typing,
    touch: matchMedia('(pointer: coarse)').matches,
    word: () => (store.keeps() ? '' : phrase('composer.keeps_nothing')),
  },
)
for (const button of [on.share, on.shareEmpty]) shareButton({ button, dialog: on.linkDialog, field: on.linkText }, link)

function draw() {
  const last = here.log.last()
  isBurst = arrived > view.screenful()
  arrived = 0
  if (view.isFollowing()) here.trim(isBurst ? view.screenful() : Math.max(KEPT, 3 * view.screenful()))
  view.keep(() => lines.show(here.lines(view.reach())), { last, news: here.countAfter })
  on.empty.hidden = !here.isEmpty()
  members.show(here.people(), here.count(), here.hasMorePeople())
  warning.look()
  lookBack()
}

function lookBack() {
  if (!isBurst) past.look()
}

function linkChanged(state) {
  if (state.is === 'mistaken') reloadOnce()
  if (state.is === 'ready') {
    understood()
    learn(state.session.server_time_ms)
    here.join()
  } else if (here.state().is !== 'out') here.out()
  warning.look()
}

function stateChanged() {
  const { is, refusal } = here.state()
  if (is === 'unnamed') naming.choose(reason(refusal))
  if (is === 'in') naming.letIn()
  redraw()
}

async function rename(name) {
  await here.rename(name)
  // The cookie is the server's memory of the name: the next page it makes should know it.
  const body = new URLSearchParams({ name: me.name, room })
  fetch('/name', { method: 'POST', body, keepalive: true, redirect: 'manual' }).catch(() => {})
}

async function say(body) {
  view.toEnd()
  await here.say(body)
  box.look()
}

rememberName(me.name)
on.address.value = link
on.onlyHere.hidden = !isThisMachine(new URL(link).hostname)
on.toEnd.addEventListener('click', view.toEnd)
on.cautionClose?.addEventListener('click', () => on.caution.remove())
on.leave.addEventListener('click', async () => {
  await here.leave()
  toLobby()
})
// A page that goes away says so itself: the browser may keep it, and its socket, for minutes.
addEventListener('pagehide', wire.close)
addEventListener('pageshow', ({ persisted }) => persisted && wire.open())
onWake(wire.now)

here.refresh()
wire.open()
