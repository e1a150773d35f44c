// Who is in the room. Pure. A digest may tell what is known already; only what is news comes back as events. Of a crowd
// (`isCrowd`) only those are known who were read page by page.
const RETURN_MS = 60_000

export function roster() {
  let members = new Map()
  let count = 0
  let crowded = false
  let more = false
  let unseen = new Map() // id → when a new snapshot no longer showed them: after a restart most people come straight back

  function joined({ id, name }, now) {
    const known = members.get(id)
    members.set(id, name)
    if (known !== undefined) return known === name ? [] : [{ what: 'renamed', id, name, old_name: known }]
    const back = now - unseen.get(id) < RETURN_MS
    unseen.delete(id)
    return back ? [] : [{ what: 'joined', id, name }]
  }

  function left({ id }) {
    const name = members.get(id)
    return members.delete(id) ? [{ what: 'left', id, name }] : []
  }

  return {
    open({ members: snapshot, count: total, partial: isCrowd = false }, now = Date.now()) {
      const before = members
      members = new Map(snapshot.map(({ id, name }) => [id, name]))
      count = total
      crowded = isCrowd
      more = false
      for (const id of before.keys()) {
        if (!members.has(id)) unseen.set(id, now)
      }
    },

    apply(digest, now = Date.now()) {
      count = digest.count
      crowded = digest.partial ?? false
      const renamed = digest.renamed.filter(({ id }) => members.has(id))
      return [...digest.left.flatMap(left), ...[...renamed, ...digest.joined].flatMap((member) => joined(member, now))]
    },

    // Those of a crowd who were read, and me.
    read(people, answer, me) {
      members = new Map([[me.id, me.name], ...people.map(({ id, name }) => [id, name])])
      count = answer.count
      more = answer.more
    },

    name: (id) => members.get(id),
    count: () => count,
    isCrowd: () => crowded,
    hasMore: () => more,

    // Me first, then by name as people sort names.
    list: (me) =>
      [...members]
        .map(([id, name]) => ({ id, name, mine: id === me }))
        .sort((a, b) => b.mine - a.mine || a.name.localeCompare(b.name)),
  }
}
