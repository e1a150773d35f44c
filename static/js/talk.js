import { crowd } from './crowd.js'
import { happenings } from './happenings.js'
import { layout } from './layout.js'
import { outbox } from './outbox.js'
import { roomSession } from './room-session.js'
import { roster } from './roster.js'
import { senderLock } from './sender-lock.js'
import { timeline } from './timeline.js'
import { now } from './times.js'
import { countUnseen, firstUnseen } from './unseen.js'

const LOOK_MS = 1000

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

// One room: what was said, who is here, what I wrote and the room does not have yet. Knows no node of the page.
//
// me      {id, name, mixed?}; the name follows what the room says
// tells   changed() anything to draw; entered(title, name); renamed(name); typed(members); arrived(message, isLive)
export function talk({ room, me, wire, store, tells }) {
  const log = timeline()
  const people = roster()
  const comings = happenings()
  let hasLeft = false
  let clock = 0
  // The tabs of this browser that are in this room share one outbox.
  const tabs = new BroadcastChannel(`chat-room ${room}`)
  const tellTabs = (news) => hasLeft || tabs.postMessage(news)

  const session = roomSession({
    room,
    connection: wire,
    timeline: log,
    roster: people,
    name: () => me.name,
    tells: { changed: tells.changed, joined, happened, typed: tells.typed, arrived: tells.arrived },
  })
  const outgoing = outbox({
    store,
    lock: senderLock({ locks: navigator.locks, store, pause }),
    owner: { room, member: me.id },
    send: (entry) => session.ask('message:send', entry),
    ready: () => session.state().is === 'in',
    settled(message) {
      session.settle(message)
      tellTabs({ message })
    },
    changed: outgoingChanged,
    told: () => tellTabs({}),
    now,
    pause,
  })
  const reader = crowd({
    page: (after) => session.ask('members:list', after === undefined ? {} : { after }),
    shown(found, answer) {
      people.read(found, answer, me)
      if (!people.isCrowd()) reader.stop()
      tells.changed()
    },
  })
  let crowded = false

  tabs.addEventListener('message', ({ data: { message } }) => {
    if (message) session.settle(message)
    outgoing.refresh()
  })

  function joined({ me: seen, room: { title } }) {
    known(seen)
    tells.entered(title)
    crowded = people.isCrowd()
    if (crowded) reader.read()
    else reader.stop()
    outgoing.opened()
  }

  // What waits counts the seconds.
  function outgoingChanged() {
    tells.changed()
    clock ||= setTimeout(() => {
      clock = 0
      if (!hasLeft && outgoing.entries().length) outgoingChanged()
    }, LOOK_MS)
  }

  function happened(news) {
    comings.add(news, log.last())
    known(people.member(me.id) ?? me)
    if (people.isCrowd() === crowded) return
    crowded = people.isCrowd()
    reader.read()
  }

  function known({ name, mixed }) {
    me.mixed = mixed
    if (name === me.name) return
    me.name = name
    tells.renamed(name)
  }

  return {
    log,
    state: session.state,
    join: session.join,
    out: session.out,
    hear: session.hear,
    load: session.load,
    loadAround: session.loadAround,
    say: outgoing.say,
    retry(client_id) {
      wire.now()
      outgoing.retry(client_id)
    },
    discard: outgoing.discard,
    // How many messages of mine the room does not have.
    unsent: () => outgoing.entries().length,
    refresh: outgoing.refresh,
    typing: () => session.ask('typing:start').catch(() => {}),

    people: () => people.list(me.id),
    count: people.count,
    hasMorePeople: people.hasMore,
    morePeople: reader.more,
    isEmpty: () => log.cursor() !== null && people.count() === 1 && log.last() === 0 && outgoing.entries().length === 0,
    countAfter: (number) => countUnseen(log, number, me.id),

    // What stands from message `first` to `last`, with a divider before what was said behind number `seen`. What I wrote and the
    // room does not have yet stands after the newest.
    lines({ first, last, seen }) {
      const isLive = last >= log.last()
      return layout({
        messages: log.messages(first, last),
        gaps: log.gaps(),
        events: comings.between(first > (log.first() ?? 0) || log.older() ? first : 0, isLive ? Infinity : last),
        pending: isLive ? outgoing.entries() : [],
        unseen: firstUnseen(log, seen, me.id),
        me,
      })
    },

    // Let go of what was said before the newest `most` messages, and of who came and went meanwhile.
    trim(most) {
      if (log.trim(most)) comings.forget(log.first())
    },

    // For good: this page has no more to do with the room.
    async leave() {
      hasLeft = true
      tabs.close()
      reader.stop()
      const left = session.leave()
      outgoing.stop()
      await left
    },

    // A new name here; when the room did not let me in under the old one, it is the name to come in with. rejects Refusal, NoAnswer
    async rename(name) {
      if (session.state().is !== 'unnamed') return known((await session.ask('name:change', { name })).me)
      me.name = name
      await session.join()
      if (session.state().is === 'unnamed') throw session.state().refusal
      tells.renamed(me.name)
    },
  }
}
