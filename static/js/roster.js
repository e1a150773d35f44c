import { locale } from './locale.js'

// Who is in the room. Pure. A digest may tell what is known already; only what is news comes back as events. Of a crowd
// (`isCrowd`) only those are known who were read page by page.
const RETURN_MS = 60_000
const byName = new Intl.Collator(locale).compare

export function roster() {
  let members = new Map() // id → {id, name, mixed?}
  let count = 0
  let crowded = false
  let more = false
  let unseen = new Map() // id → when a new snapshot no longer showed them: after a restart most people come straight back

  function joined({ id, name, mixed }, now) {
    const known = members.get(id)?.name
    members.set(id, { id, name, mixed })
    if (known !== undefined) return known === name ? [] : [{ what: 'renamed', id, name, old_name: known }]
    const back = now - unseen.get(id) < RETURN_MS
    unseen.delete(id)
    return back ? [] : [{ what: 'joined', id, name }]
  }

  function left({ id }) {
    const name = members.get(id)?.name
    return members.delete(id) ? [{ what: 'left', id, name }] : []
  }

  return {
    open({ members: snapshot, count: total, partial: isCrowd = false }, now = Date.now()) {
      const before = members
      members = new Map(snapshot.map((member) => [member.id, member]))
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
      members = new Map([me, ...people].map(({ id, name, mixed }) => [id, { id, name, mixed }]))
      count = answer.count
      more = answer.more
    },

    member: (id) => members.get(id),
    count: () => count,
    isCrowd: () => crowded,
    hasMore: () => more,

    // Me first, then by name as people sort names.
    list: (me) =>
      [...members.values()]
        .map((member) => ({ ...member, mine: member.id === me }))
        .sort((a, b) => b.mine - a.mine || byName(a.name, b.name)),
  }
}
