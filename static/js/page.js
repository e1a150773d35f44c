import { io } from '../vendor/socket.io.esm.min.js'
import { connection } from './connection.js'
import { parts } from './dom.js'
import { aboveKeyboard } from './keyboard.js'
import { linkedMessage } from './message-links.js'
import { reloadOnce, understood } from './mistaken.js'
import { nameDialog } from './name-dialog.js'
import { rememberName } from './name-memory.js'
import { openOutboxStore } from './outbox-store.js'
import { SERVER_EVENTS } from './protocol.js'
import { rememberRoom } from './recent-rooms.js'
import { roomView } from './room-view.js'
import { rooms } from './rooms.js'
import { shortcuts } from './shortcuts.js'
import { soon } from './soon.js'
import { strip } from './strip.js'
import { learn } from './times.js'
import { trouble } from './trouble.js'
import { onWake } from './wake.js'
import { reason } from './words.js'

// The page of the rooms: one connection and one place for what waits, for all of them. The address is the shown room's.
const on = parts(document)
const { meId, bodyChars, shareOrigin } = on.page.dataset
const toLobby = () => location.assign('/')
const open = rooms()
const lookSoon = soon(look)
let comeback = 0

const store = await openOutboxStore()
const wire = connection({ io, member: meId, changed: linkChanged })
const { help } = shortcuts({ dialog: on.helpDialog }, { write: () => open.shown().focus() })
const shared = {
  meId,
  bodyChars: Number(bodyChars),
  origin: shareOrigin || location.origin,
  wire,
  store,
  linkDialog: { dialog: on.linkDialog, field: on.linkText },
  help,
}
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
  trouble(wire.state(), open.shown().state(), { tryNow: wire.now, reload: () => location.reload(), away: toLobby }),
)

function enter(node, room) {
  const view = roomView(node, room, shared, {
    changed: () => view === open.shown() && lookSoon(),
    entered: (title) => rememberRoom({ slug: room.slug, title }),
    renamed: rememberName,
    rename: (name) => (name ? rename(name) : naming.change(view.name())),
    leave: () => leave(view),
  })
  open.add(view)
  return view
}

// The shown room may want another name, or have trouble to tell.
function look() {
  const { is, refusal } = open.shown().state()
  if (is === 'unnamed') naming.choose(reason(refusal))
  if (is === 'in') naming.letIn()
  warning.look()
}

async function leave(view) {
  await view.leave()
  const next = open.remove(view)
  if (!next) return toLobby()
  if (!open.shown()) open.show(next)
}

function linkChanged(state) {
  if (state.is === 'mistaken') reloadOnce()
  if (state.is === 'ready') {
    understood()
    learn(state.session.server_time_ms)
    joinAll()
  } else {
    for (const room of open.all()) if (room.state().is !== 'out') room.out()
  }
  warning.look()
}

// The shown room first, then one at a time: a server that just came back has everybody's rooms to open.
async function joinAll() {
  const mine = (comeback += 1)
  const shown = open.shown()
  for (const room of [shown, ...open.all().filter((other) => other !== shown)]) {
    if (mine !== comeback || wire.state().is !== 'ready') return
    await room.join()
  }
}

async function rename(name) {
  const room = open.shown()
  await room.rename(name)
  // The cookie is the server's memory of the name: the next page it makes should know it.
  const body = new URLSearchParams({ name: room.name(), room: room.slug })
  fetch('/name', { method: 'POST', body, keepalive: true, redirect: 'manual' }).catch(() => {})
}

// The address may name a message.
function toLinked() {
  const number = linkedMessage(location.hash)
  if (number) open.shown().goTo(number)
}

for (const event of SERVER_EVENTS) wire.on(event, (payload) => open.get(payload.room)?.hear(event, payload))
on.skip.addEventListener('click', (event) => {
  event.preventDefault()
  open.shown().focus()
})
// A page that goes away says so itself: the browser may keep it, and its socket, for minutes.
addEventListener('pagehide', wire.close)
addEventListener('pageshow', ({ persisted }) => persisted && wire.open())
onWake(wire.now)
addEventListener('hashchange', toLinked)
aboveKeyboard(window.visualViewport, document.documentElement)

const { slug, title, meName } = on.room.dataset
rememberName(meName)
open.show(enter(on.room, { slug, title, name: meName }))
toLinked()
wire.open()
