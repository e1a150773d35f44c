// What somebody did not see who has seen all up to the number `seen`. What they said themselves is never new to them. Pure.

// How many messages of others came since. What is not loaded counts by its numbers.
export function countUnseen(log, seen, me) {
  const loaded = log.messages(seen + 1).filter(({ author }) => author.id !== me).length
  return log.gaps().reduce((sum, { after, before }) => sum + Math.max(0, before - Math.max(after, seen) - 1), loaded)
}

// The id of the first of them; undefined when there is none, or when it is not loaded.
export function firstUnseen(log, seen, me) {
  const id = log.messages(seen + 1).find(({ author }) => author.id !== me)?.id
  const isHidden = log.gaps().some(({ after, before }) => before - 1 > seen && after + 1 < id)
  return isHidden ? undefined : id
}
