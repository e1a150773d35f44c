// What one room has said, as far as this page knows it. Pure: no page, no socket, no clock.
//
// `cursor` is {epoch, seq}: nothing up to `seq` is missing. A live message with the next number is applied; a lower one is
// known; a higher one is held, and `missing()` says from where to fetch. Order is by `id`, whatever the order of arrival.
export function timeline() {
  let messages = new Map() // id → message, in its latest known state
  let order = [] // ids, ascending
  let gaps = [] // {after, before}, in order: what lies between these two numbers is not loaded; after 0, what was said first
  let held = new Map() // seq → message that came too early
  let ahead = new Set() // seqs above the cursor that are applied already (own messages, acked before earlier ones came)
  let fresh = [] // what the cursor went over since it was last asked for, the first snapshot aside
  let cursor = null
  let beacon = 0 // the highest number the server has spoken of

  // A message never seen, from a stretch that is not loaded, waits until that stretch is.
  function put(message) {
    const { id } = message
    if (messages.has(id) || !isUnloaded(id)) place(message)
  }

  const isUnloaded = (number) => gaps.some(({ after, before }) => after < number && number < before)

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
    ;[messages, order, gaps, held, ahead, fresh] = [new Map(), [], [], new Map(), new Set(), []]
  }

  // All that was said from number `low` up to, but without, `high` is here now.
  function cover(low, high) {
    gaps = gaps.flatMap(({ after, before }) => {
      if (before <= low || after + 1 >= high) return [{ after, before }]
      return [{ after, before: low }, { after: high - 1, before }].filter((rest) => rest.before - rest.after > 1)
    })
  }

  // What lies between these two messages is as good as never loaded.
  function forget(after, before) {
    const isKept = (id) => id <= after || id >= before
    for (const id of order) {
      if (!isKept(id)) messages.delete(id)
    }
    order = order.filter(isKept)
    const touched = (gap) => gap.before > after && gap.after < before
    const low = Math.min(after, ...gaps.filter(touched).map((gap) => gap.after))
    const high = Math.max(before, ...gaps.filter(touched).map((gap) => gap.before))
    gaps = [...gaps.filter((gap) => !touched(gap)), { after: low, before: high }].sort((a, b) => a.after - b.after)
  }

  const ids = (first, last) => order.filter((id) => id >= first && id <= last)

  function advance(seq) {
    const from = cursor.seq
    if (seq > from) cursor = { ...cursor, seq }
    applyHeld()
    const at = order.findLastIndex((id) => id <= from) + 1
    fresh.push(...order.slice(at).filter((id) => id <= cursor.seq))
  }

  function applyHeld() {
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
      const known = returning ? cursor.seq : 0
      const first = page[0]?.id
      if (!(returning && complete) && first > known + 1) gaps.push({ after: known, before: first })
      page.forEach(put)
      cursor = { epoch, seq: returning ? cursor.seq : head }
      advance(head)
      beacon = head
    },

    // A live message, or a changed one.
    push(message) {
      if (!cursor || message.seq <= cursor.seq) return
      beacon = Math.max(beacon, message.seq)
      if (message.seq > cursor.seq + 1) {
        held.set(message.seq, message)
        return
      }
      put(message)
      advance(message.seq)
    },

    // The messages that are new since the last time, however they came: live, fetched because they were missing, or said while the
    // link was gone.
    takeNews() {
      const news = fresh.flatMap((id) => messages.get(id) ?? [])
      fresh = []
      return news
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

    // A page of history that ends before message `before`, where a gap ends; a page for a gap that is no more says nothing.
    past(before, { messages: page, more, epoch }) {
      if (!cursor || epoch !== cursor.epoch) return false
      if (!gaps.some((gap) => gap.before === before)) return true
      cover(more ? (page[0]?.id ?? before) : 0, before)
      page.forEach(place)
      return true
    },

    // A page of history that begins after number `after`, where a gap begins.
    onward(after, { messages: page, more, epoch }) {
      if (!cursor || epoch !== cursor.epoch) return false
      const gap = gaps.find((candidate) => candidate.after === after)
      if (!gap) return true
      cover(after + 1, more ? (page.at(-1)?.id ?? after) + 1 : gap.before)
      page.forEach(place)
      return true
    },

    // The pages up to a number and behind it, wherever that is.
    around(number, older, newer) {
      if (!cursor || [older, newer].some(({ epoch }) => epoch !== cursor.epoch)) return false
      cover(older.more ? (older.messages[0]?.id ?? number) : 0, newer.more ? (newer.messages.at(-1)?.id ?? number) + 1 : newer.head + 1)
      for (const page of [older, newer]) page.messages.forEach(place)
      return true
    },

    // Forget all but the newest `most`. False when there are no more than that.
    trim(most) {
      if (order.length <= most) return false
      forget(0, order.at(-most))
      return true
    },

    // Forget all but the newest `most` and those from `first` to `last`, with `most` more on either side.
    trimAround(first, last, most) {
      const from = order.findIndex((id) => id >= first) - most
      const to = order.findLastIndex((id) => id <= last) + most
      const newest = order.length - most
      const [start, end, tail] = [order[from], order[to], order[newest]]
      if (to + 1 < newest) forget(end, tail)
      if (from > 0) forget(0, start)
    },

    // The loaded messages from number `first` to `last`.
    messages: (first = 0, last = Infinity) => ids(first, last).map((id) => messages.get(id)),
    ids,
    // The loaded stretch that number `at` lies in, as its first and last number.
    run: (at) => ({
      first: Math.max(0, ...gaps.filter(({ before }) => before <= at).map(({ before }) => before)),
      last: Math.min(Infinity, ...gaps.filter(({ after }) => after >= at).map(({ after }) => after)),
    }),
    isLoaded: (number) => cursor !== null && !isUnloaded(number),
    gaps: () => gaps,
    cursor: () => cursor,
    size: () => order.length,
    first: () => order[0] ?? null,
    last: () => order.at(-1) ?? 0,
    older: () => gaps[0]?.after === 0,
  }
}
