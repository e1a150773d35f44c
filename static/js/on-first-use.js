// What is fetched when it is first used: the same promise for all who ask. After a failure the next one asks anew.
export function onFirstUse(fetchIt) {
  let asked = null
  return () => {
    asked ??= fetchIt()
    asked.catch(() => (asked = null))
    return asked
  }
}
