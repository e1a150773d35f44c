// What one room has said, as far as this page knows it. Pure: no page, no socket, no clock.
//
// `cursor` is {epoch, seq}: nothing up to `seq` is missing. A live message with the next number is applied; a lower one is
// known; a higher one is held, and `missing()` says from where to fetch. Order is by `id`, whatever the order of arrival.
export function timeline() {
  let messages = new Map() // id → message, in its latest known state
  let order = [] // ids, ascending
  let gaps = [] // {after, before}: what lies between these two ids was never loaded
  let held = new Map() // seq → message that came too early
  let ahead = new Set() // seqs above the cursor that are applied already (own messages, acked before earlier ones came)
  let cursor = null
  let older = false
  let beacon = 0 // the highest number the server has spoken of

  // A message never seen, from a stretch that is not loaded, waits until that stretch is.
  function put(message) {
    const { id } = message
    const unloaded = (older && id < order[0]) || gaps.some(({ after, before }) => after < id && id < before)
    if (messages.has(id) || !unloaded) place(message)
  }

  function place(message) {
    const known = messages.get(message.id)
    if (known && known.seq >= message.seq) return
    messages.set(message.id, known ? { ...message, client_id: message.client_id ?? known.client_id } : message)
    if (known) return
    let at = order.length
    while (at > 0 && order[at - 1] > message.id) at -= 1
    order.splice(at, 0, message.id)
  }

  function clear() {
    ;[messages, order, gaps, held, ahead, older] = [new Map(), [], [], new Map(), new Set(), false]
  }

  function advance(seq) {
    if (seq > cursor.seq) cursor = { ...cursor, seq }
    for (;;) {
      for (const early of [...held.keys()]) {
        if (early <= cursor.seq) held.delete(early)
      }
      for (const early of [...ahead]) {
        if (early <= cursor.seq) ahead.delete(early)
      }
      const next = cursor.seq + 1
      if (held.has(next)) put(held.get(next))
      else if (!ahead.has(next)) return
      cursor = { ...cursor, seq: next }
    }
  }

  return {
    // The snapshot of a join. `reset`: what was here belongs to another log. Not `complete`: too much was missed, and the
    // newest page stands after a gap.
    open({ epoch, head, messages: page, complete, reset }) {
      const returning = cursor && !reset && cursor.epoch === epoch
      if (!returning) clear()
      // What lies above the cursor came early and says nothing of what is between.
      const last = returning ? (order.findLast((id) => id <= cursor.seq) ?? 0) : 0
      const first = page[0]?.id
      const gapes = returning && !complete && order.length > 0 && first > last + 1
      if (gapes) gaps.push({ after: last, before: first })
      page.forEach(put)
      if (!returning || (!last && !gapes)) older = order.length > 0 && order[0] > 1
      cursor = { epoch, seq: returning ? cursor.seq : head }
      advance(head)
      beacon = head
    },

    // A live message, or a changed one. True when it is to be shown now.
    push(message) {
      if (!cursor || message.seq <= cursor.seq) return false
      beacon = Math.max(beacon, message.seq)
      if (message.seq > cursor.seq + 1) {
        held.set(message.seq, message)
        return false
      }
      put(message)
      advance(message.seq)
      return true
    },

    // My own message, acknowledged: it is shown at once, even when earlier numbers are still on their way.
    settle(message) {
      if (!cursor) return
      beacon = Math.max(beacon, message.seq)
      put(message)
      if (message.seq === cursor.seq + 1) advance(message.seq)
      else if (message.seq > cursor.seq) ahead.add(message.seq)
    },

    // What the server says the newest number is. False when it speaks of another log: join again.
    head({ epoch, head }) {
      if (!cursor || epoch !== cursor.epoch) return false
      beacon = Math.max(beacon, head)
      return true
    },

    // null, or the number after which something is missing.
    missing: () => (cursor && beacon > cursor.seq ? cursor.seq : null),

    // The answer to "changes since". False when it is of another log.
    fill({ messages: page, head, epoch, more }) {
      if (!cursor || epoch !== cursor.epoch) return false
      page.forEach(put)
      advance(more ? Math.max(cursor.seq, ...page.map((message) => message.seq)) : head)
      return true
    },

    // A page of history that ends before message `before`: the start of the log, or of a gap.
    past(before, { messages: page, more, epoch }) {
      if (!cursor || epoch !== cursor.epoch) return false
      const gap = gaps.find((candidate) => candidate.before === before)
      const reached = page[0]?.id ?? 0
      if (gap) {
        gaps = gaps.filter((candidate) => candidate !== gap)
        if (more && reached > gap.after + 1) gaps.push({ after: gap.after, before: reached })
      } else if (before === order[0]) older = more
      // Let go of meanwhile: the page would stand before a hole.
      else return true
      page.forEach(place)
      return true
    },

    // Forget all but the newest `most`: they are as good as never loaded. False when there are no more than that.
    trim(most) {
      if (order.length <= most) return false
      for (const id of order.splice(0, order.length - most)) messages.delete(id)
      gaps = gaps.filter(({ after }) => after >= order[0])
      older = true
      return true
    },

    // Those up to message `last`.
    messages: (last = Infinity) => order.filter((id) => id <= last).map((id) => messages.get(id)),
    gaps: () => gaps,
    cursor: () => cursor,
    first: () => order[0] ?? null,
    last: () => order.at(-1) ?? 0,
    older: () => older,
  }
}
