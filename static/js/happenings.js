// Who came, went or took another name while this page was open, between which messages. Pure.
//
// Who comes back within BACK_MS was never gone: the line that said so goes again. Of more than MOST events the oldest are forgotten.
const BACK_MS = 20_000
const MOST = 1000

export function happenings() {
  let events = [] // {what, id, name, old_name?, after: the message before it, n: its number, at}
  let count = 0

  function add(event, after, at) {
    const last = events.findLast(({ id }) => id === event.id)
    const isBack = event.what === 'joined' && last?.what === 'left' && last.name === event.name && at - last.at < BACK_MS
    if (isBack) events = events.filter((one) => one !== last)
    else events.push({ ...event, after, n: (count += 1), at })
  }

  return {
    add(news, after, at = Date.now()) {
      for (const event of news) add(event, after, at)
      events = events.slice(-MOST)
    },

    // Those after message `first` and before message `last`.
    between: (first, last) => events.filter(({ after }) => after >= first && after < last),

    forget(first) {
      events = events.filter(({ after }) => after >= first)
    },
  }
}
