import { io } from '../vendor/socket.io.esm.min.js'
import { bell } from './bell.js'
import { connection } from './connection.js'
import { parts } from './dom.js'
import { aboveKeyboard } from './keyboard.js'
import { rememberName } from './name-memory.js'
import { openRooms, rememberOpen } from './open-rooms.js'
import { openOutboxStore } from './outbox-store.js'
import { withOwnIds } from './own-ids.js'
import { pageDialogs } from './page-dialogs.js'
import { pageTitle } from './page-title.js'
import { SERVER_EVENTS } from './protocol.js'
import { rememberRoom } from './recent-rooms.js'
import { roomLink } from './room-link.js'
import { askRoom } from './room-opener.js'
import { addressOf, roomPlace } from './room-place.js'
import { roomView } from './room-view.js'
import { roomsColumn } from './rooms-column.js'
import { rooms } from './rooms.js'
import { soon } from './soon.js'
import { strip } from './strip.js'
import { trouble } from './trouble.js'
import { onWake } from './wake.js'

// The page of the rooms: one connection and one place for what waits, for all of them. The address is the shown room's.
const on = parts(document)
const { meId, bodyChars, shareOrigin } = on.page.dataset
const blank = withoutContent(on.room)
const open = rooms()
const lookSoon = soon(look)
const listSoon = soon(list)
let comings = 0

const store = await openOutboxStore()
const heard = roomLink({ open, isReady: () => wire.state().is === 'ready' })
const wire = connection({ io, member: meId, changed: linkChanged })
const { help, leaving, naming, share } = pageDialogs(on, { rename, leave, write: () => open.shown().focus() })
const shared = { meId, bodyChars: Number(bodyChars), origin: shareOrigin || location.origin, wire, store, share, help }
const warning = strip({ strip: on.strip, text: on.stripText, button: on.stripNow }, () =>
  trouble(wire.state(), open.shown().state(), { tryNow: wire.now, reload: () => location.reload(), leave: () => leave(open.shown()) }),
)

const column = roomsColumn(
  { column: on.rooms, list: on.roomsList, template: document.getElementById('room-link'), form: on.go, field: on.goName, place: on.goRefusal },
  { show: (slug) => go(open.get(slug)), go: visit },
)

const { toLinked } = roomPlace({ show: showAt, goTo: (number) => open.shown().goTo(number) })

bell({ menu: on.notices, desktop: on.noticesDesktop, why: on.noticesWhy }, { room: () => open.shown().slug, chosen: list })

function withoutContent(node) {
  const copy = node.cloneNode(true)
  copy.querySelector('[data-part="caution"]')?.remove()
  copy.querySelector('[data-part="box"]').value = ''
  copy.hidden = true
  return copy
}

function enter(node, room) {
  const view = roomView(node, room, shared, {
    changed: () => view === open.shown() && lookSoon(),
    read: listSoon,
    entered() {
      if (view === open.shown()) rememberRoom({ slug: view.slug, title: view.title() })
      rememberAll()
    },
    renamed(name) {
      rememberName(name)
      rememberAll()
    },
    rename: (name) => (name ? rename(view, name) : naming.change(view)),
    leave: () => leave(view),
    open: () => open.get(view.slug) === view && go(view),
  })
  open.add(view)
  return view
}

// Another room on this page, hidden until it is shown.
function enterAnother(room) {
  const node = withOwnIds(blank.cloneNode(true), (comings += 1))
  on.views.append(node)
  return enter(node, room)
}

// To a room by its name. What must be warned of is told by its own page. rejects Refusal, NoAnswer
async function visit(name) {
  const { slug, title, alike, mixed } = await askRoom(name)
  if (open.get(slug)) return go(open.get(slug))
  if (alike || mixed) return location.assign(addressOf(slug))
  const view = enterAnother({ slug, title, name: open.shown().name() })
  go(view)
  view.join()
}

function go(view) {
  if (view === open.shown()) return
  history.pushState(null, '', addressOf(view.slug))
  show(view)
}

function show(view) {
  open.show(view)
  naming.close()
  if (view.state().is === 'in') rememberRoom({ slug: view.slug, title: view.title() })
  // On touch the box would bring up the keyboard; the focus must not stay in the room that is hidden now.
  if (matchMedia('(pointer: coarse)').matches) view.focusTitle()
  else view.focus()
  rememberAll()
  list()
  look()
}

function showAt(slug) {
  const view = open.get(slug)
  if (view && view !== open.shown()) show(view)
  return Boolean(view)
}

function rememberAll() {
  rememberOpen(meId, open.all().map((view) => ({ slug: view.slug, title: view.title(), name: view.name() })))
}

function list() {
  const all = open.all().map((view) => ({ slug: view.slug, title: view.title(), isShown: view === open.shown(), is: view.state().is, unread: view.unread() }))
  column.show(all)
  open.shown().head({ waits: all.some((room) => !room.isShown && room.unread.count > 0) })
  const mentions = all.reduce((sum, { unread }) => sum + unread.mentions, 0)
  document.title = pageTitle(all.find(({ isShown }) => isShown), mentions)
}

// The shown room may want another name, or have trouble to tell.
function look() {
  const { is, refusal } = open.shown().state()
  if (is === 'unnamed') naming.choose(open.shown(), refusal)
  if (is === 'in') naming.letIn()
  warning.look()
}

async function leave(view) {
  const unsent = view.unsent()
  if (unsent && !(await leaving.agrees({ unsent, keeps: store.keeps() }))) return
  const next = open.after(view)
  if (!next) {
    rememberOpen(meId, [])
    await view.leave()
    return location.assign('/')
  }
  if (view === open.shown()) {
    history.replaceState(null, '', addressOf(next.slug))
    show(next)
  }
  open.remove(view)
  rememberAll()
  list()
  view.leave()
}

function linkChanged(state) {
  heard(state)
  warning.look()
}

async function rename(room, name) {
  await room.rename(name)
  // The cookie is the server's memory of the name: the next page it makes should know it.
  const body = new URLSearchParams({ name: room.name(), room: room.slug })
  fetch('/name', { method: 'POST', body, keepalive: true, redirect: 'manual' }).catch(() => {})
}

// The browser kept the page as it was. A room that was left or forgotten since is not joined behind its reader's back.
function comeBack() {
  const kept = openRooms(meId).map((room) => room.slug)
  if (open.all().every((room) => kept.includes(room.slug))) wire.open()
  else location.reload()
}

for (const event of SERVER_EVENTS) wire.on(event, (payload) => open.get(payload.room)?.hear(event, payload))
on.skip.addEventListener('click', (event) => {
  event.preventDefault()
  open.shown().focus()
})
// A page that goes away says so itself: the browser may keep it, and its socket, for minutes.
addEventListener('pagehide', wire.close)
addEventListener('pageshow', ({ persisted }) => persisted && comeBack())
wire.on('server:changed', look)
onWake(wire.now)
aboveKeyboard(window.visualViewport, document.documentElement)
addEventListener('storage', listSoon)

const { slug, title, meName } = on.room.dataset
rememberName(meName)
const kept = openRooms(meId)
for (const room of kept.some((each) => each.slug === slug) ? kept : [...kept, { slug }]) {
  if (room.slug === slug) enter(on.room, { slug, title, name: meName })
  else enterAnother(room)
}
open.show(open.get(slug))
rememberAll()
list()
toLinked()
wire.open()
