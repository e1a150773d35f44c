import { clone, parts } from './dom.js'
import { unreadOf } from './lobby-unread.js'
import { forgetRoom, recentRooms } from './recent-rooms.js'
import { roomAddress } from './room-address.js'
import { ago, fullTime, iso } from './times.js'
import { figure, phrase } from './words.js'

// The lobby: my rooms, the latest first, and a name for those who cannot think of one.
const { open, surprise, recent, rooms, none, address, willBe } = parts(document)
const template = document.getElementById('recent-room')

const CONSONANTS = 'bdfgklmnprstvz'
const VOWELS = 'aeiou'

const some = (letters) => letters[crypto.getRandomValues(new Uint32Array(1))[0] % letters.length]
const syllable = () => some(CONSONANTS) + some(VOWELS)
// About 37 bits: pronounceable, and not to be guessed from outside.
const randomName = () => Array.from({ length: 6 }, syllable).join('').replace(/(.{6})/, '$1 ')

function line({ slug, title, seen_at_ms: seen }) {
  const node = clone(template)
  const { link, title: shown, count, when, forget } = parts(node)
  link.href = `/r/${encodeURIComponent(slug)}`
  shown.textContent = title
  when.textContent = ago(seen)
  when.dateTime = iso(seen)
  when.title = fullTime(seen)
  forget.setAttribute('aria-label', phrase('lobby.forget', { room: title }))
  forget.addEventListener('click', () => {
    forgetRoom(slug)
    show()
  })
  return { node, slug, count }
}

function show() {
  const known = recentRooms()
  const lines = known.map(line)
  recent.hidden = false
  none.hidden = known.length > 0
  rooms.hidden = known.length === 0
  rooms.replaceChildren(...lines.map(({ node }) => node))
  if (lines.length) showUnread(lines)
}

// The rooms stand there before the server says what is new in them.
async function showUnread(lines) {
  const unread = await unreadOf(lines.map(({ slug }) => slug))
  for (const { slug, count } of lines) {
    const n = unread.get(slug) ?? 0
    count.hidden = n === 0
    count.textContent = figure(n)
    count.setAttribute('aria-label', phrase('rooms.unread', { n }))
  }
}

// The link as it will be, while the name is typed.
function showAddress() {
  const slug = roomAddress(open.elements.room.value)
  address.hidden = !slug
  willBe.textContent = `${location.host}/r/${slug}`
}

surprise.hidden = false
surprise.addEventListener('click', () => {
  open.elements.room.value = randomName()
  open.elements.room.focus()
  showAddress()
})
open.addEventListener('input', showAddress)
showAddress()
// A page that comes back from the browser's own cache shows the rooms as they are now.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) show()
  showAddress()
})
show()
