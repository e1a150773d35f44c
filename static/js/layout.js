import { asShown } from './commands.js'
import { dayOf } from './times.js'
import { fold } from './system-lines.js'

// An author's next message within this time stands under the same head. Counted from message to message, so that loading what
// was before moves no head.
const RUN_MS = 5 * 60_000

// The lines of the room in the order they are shown: days, gaps, system lines, messages, then what I wrote and the room does
// not have yet. Each line has a `key` that stays with it (a pending message keeps its own when it is confirmed) and a
// `stamp` that changes when it looks different. Pure.
//
// unseen   the message before which a divider says that from here on all is new, or undefined
export function layout({ messages, gaps, events, pending, unseen, me }) {
  const lines = []
  const arrived = new Set(messages.map((message) => message.client_id))
  const gapBefore = new Map(gaps.filter(({ after }) => after > 0).map((gap) => [gap.before, gap]))
  const gapAfter = gaps.find(({ after }) => messages.length && after === messages.at(-1).id)
  let waiting = 0
  let day = -Infinity
  let run = null

  function add(line) {
    lines.push(line)
    if (line.kind !== 'message') run = null
  }

  function happened(before) {
    const since = waiting
    while (waiting < events.length && events[waiting].after < before) waiting += 1
    if (waiting === since) return
    const sentences = fold(events.slice(since, waiting))
    if (sentences.length) add({ kind: 'system', key: `s${events[since].n}`, stamp: String(waiting - since), sentences })
  }

  function say(message) {
    const { author, at } = message
    // Forward only: a clock set back, or a message that waited since yesterday, does not begin yesterday anew.
    if (dayOf(at) > day) {
      day = dayOf(at)
      add({ kind: 'day', key: `d${day}`, stamp: '', at })
    }
    const goesOn = run && run.id === author.id && run.name === author.name && run.is === message.is && Math.abs(at - run.at) < RUN_MS
    const first = !goesOn || message.is !== 'text'
    run = { id: author.id, name: author.name, is: message.is, at }
    const stamp = [message.seq, first, message.state, message.reason, author.mixed, me.name].join()
    add({ ...message, kind: 'message', stamp, first, mine: author.id === me.id })
  }

  for (const message of messages) {
    happened(message.id)
    const gap = gapBefore.get(message.id)
    if (gap) add({ kind: 'gap', key: `g${gap.before}`, stamp: '', place: { before: gap.before } })
    if (message.id === unseen) add({ kind: 'new', key: 'new', stamp: '' })
    const { id, seq, author, body, kind: is, sent_at_ms: at, client_id } = message
    say({ key: client_id ? `c${client_id}` : `m${id}`, id, seq, author, body, is, at, state: 'sent' })
  }
  happened(Infinity)
  if (gapAfter) add({ kind: 'gap', key: `h${gapAfter.after}`, stamp: '', place: { after: gapAfter.after } })
  for (const { client_id, body, state, reason, written_at_ms: at } of pending) {
    if (!arrived.has(client_id)) say({ key: `c${client_id}`, client_id, author: me, ...asShown(body), written: body, at, state, reason })
  }
  return lines
}
