import { io } from '../vendor/socket.io.esm.min.js'
import { composer } from './composer.js'
import { connection } from './connection.js'
import { parts } from './dom.js'
import { draft } from './drafts.js'
import { history } from './history.js'
import { layout } from './layout.js'
import { lineList } from './line-list.js'
import { dayView, gapView, systemView } from './line-views.js'
import { membersView } from './members-view.js'
import { messageView } from './message-view.js'
import { nameDialog } from './name-dialog.js'
import { rememberName } from './name-memory.js'
import { outbox } from './outbox.js'
import { openOutboxStore } from './outbox-store.js'
import { rememberRoom } from './recent-rooms.js'
import { roomSession } from './room-session.js'
import { roster } from './roster.js'
import { scroller } from './scroller.js'
import { senderLock } from './sender-lock.js'
import { copyText, shareButton } from './share.js'
import { soon } from './soon.js'
import { strip } from './strip.js'
import { timeline } from './timeline.js'
import { learn, now } from './times.js'
import { trouble } from './trouble.js'
import { typing } from './typing.js'
import { onWake } from './wake.js'
import { words } from './words.js'

// The room page: makes every part and ties them together. The parts know nothing of each other.
const on = parts(document)
const template = (id) => document.getElementById(id)
const { slug: room, title, meId, meName, bodyChars } = on.room.dataset
const me = { id: meId, name: meName }
const link = location.origin + location.pathname
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const toLobby = () => location.assign('/')

// What the room is, and what of mine is on its way into it.
const log = timeline()
const people = roster()
const events = []
const store = await openOutboxStore()
// The tabs of this browser that are in this room share one outbox.
const tabs = new BroadcastChannel(`chat-room ${room}`)
const redraw = soon(draw)

const wire = connection({ io, changed: linkChanged })
const session = roomSession({
  room,
  connection: wire,
  timeline: log,
  roster: people,
  name: () => me.name,
  tells: {
    changed: stateChanged,
    joined,
    happened,
    typed: (members) => writing.hear(members),
    arrived: ({ author }) => writing.done(author.id),
  },
})
const outgoing = outbox({
  store,
  lock: senderLock({ locks: navigator.locks, store, pause }),
  owner: { room, member: me.id },
  send: (entry) => session.ask('message:send', entry),
  ready: () => session.state().is === 'in',
  settled(message) {
    session.settle(message)
    tabs.postMessage({ message })
  },
  changed: redraw,
  told: () => tabs.postMessage({}),
  now,
  pause,
})
tabs.addEventListener('message', ({ data: { message } }) => {
  if (message) session.settle(message)
  outgoing.refresh()
})

// What is seen of it.
const view = scroller({ view: on.scroller, lines: on.lines, button: on.toEnd, word: on.toEndText }, () => past.look())
const past = history({ view, lines: on.lines, timeline: log, fetchPage: session.past, busy: (is) => (on.older.hidden = !is) })
const lines = lineList(on.lines, {
  message: messageView(template('message-line'), act),
  day: dayView(template('day-line')),
  system: systemView(template('system-line')),
  gap: gapView(template('gap-line'), past.load),
})
const members = membersView(
  { list: on.people, template: template('person-line'), counts: [on.count, on.countAgain], button: on.peopleButton },
  () => naming.change(me.name),
)
const writing = typing(on.typing, () => me.id)
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
  trouble(wire.state(), session.state(), { tryNow: wire.now, reload: () => location.reload(), away: toLobby }),
)
const box = composer(
  { form: on.composer, box: on.box, send: on.send, hint: on.hint },
  {
    limit: Number(bodyChars),
    draft: draft(room),
    say,
    typing: () => session.ask('typing:start').catch(() => {}),
    touch: matchMedia('(pointer: coarse)').matches,
    word: () => (store.keeps() ? '' : words.keepsNothing),
  },
)
for (const button of [on.share, on.shareEmpty]) shareButton({ button, dialog: on.linkDialog, field: on.linkText }, link)

function draw() {
  const messages = log.messages()
  const pending = outgoing.entries()
  view.keep(() => lines.show(layout({ messages, gaps: log.gaps(), events, pending, me })), {
    last: log.last(),
    news: (after) => messages.filter(({ id, author }) => id > after && author.id !== me.id).length,
  })
  on.empty.hidden = !log.cursor() || people.count() > 1 || messages.length + pending.length > 0
  members.show(people.list(me.id), people.count())
  past.look()
}

function linkChanged(state) {
  if (state.is === 'ready') {
    learn(state.session.server_time_ms)
    session.join()
  } else if (session.state().is !== 'out') session.out()
  warning.look()
}

function stateChanged() {
  const state = session.state()
  if (state.is === 'unnamed') naming.choose(state.refusal.detail)
  warning.look()
  redraw()
}

function joined(ack) {
  known(ack.me.name)
  rememberRoom({ slug: room, title: ack.room.title ?? title })
  outgoing.refresh().then(outgoing.drain)
}

function happened(news) {
  for (const event of news) events.push({ ...event, after: log.last(), n: events.length })
  known(people.name(me.id) ?? me.name)
}

function known(name) {
  me.name = name
  rememberName(name)
}

async function rename(name) {
  if (session.state().is === 'unnamed') {
    me.name = name
    await session.join()
    const { is, refusal } = session.state()
    if (is === 'unnamed') throw refusal
  } else known((await session.ask('name:change', { name })).me.name)
  // The cookie is the server's memory of the name: the next page it makes should know it.
  const body = new URLSearchParams({ name: me.name, room })
  fetch('/name', { method: 'POST', body, keepalive: true, redirect: 'manual' }).catch(() => {})
  redraw()
}

async function say(body) {
  view.toEnd()
  await outgoing.say(body)
  box.look()
}

async function act(what, { client_id, body }) {
  if (what === 'retry') outgoing.retry(client_id)
  else if (what === 'discard') outgoing.discard(client_id)
  else await copyText(body)
}

on.address.value = link
on.toEnd.addEventListener('click', view.toEnd)
on.leave.addEventListener('click', async () => {
  await session.leave()
  toLobby()
})
// A page that goes away says so itself: the browser may keep it, and its socket, for minutes.
addEventListener('pagehide', wire.close)
addEventListener('pageshow', ({ persisted }) => persisted && wire.open())
onWake(wire.now)

outgoing.refresh()
wire.open()
