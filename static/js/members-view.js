import { clone, parts } from './dom.js'
import { lineList } from './line-list.js'
import { initial, shade } from './person.js'
import { phrase } from './words.js'

// The people in the room: me first, and how many in all. Of a crowd some, and a button for more of them.
export function membersView({ list, template, counts, button, more }, { rename, readOn }) {
  const people = lineList(list, { person })
  more.addEventListener('click', readOn)

  function person({ id, mine }) {
    const node = clone(template)
    const { face, name: shown, mixed: mark, me, rename: change } = parts(node)
    node.classList.add(`person-${shade(id)}`)
    node.classList.toggle('person--me', mine)
    me.hidden = change.hidden = !mine
    change.addEventListener('click', rename)

    return {
      node,
      show({ name, mixed }) {
        face.textContent = initial(name)
        shown.textContent = name
        mark.hidden = !mixed
      },
    }
  }

  return {
    show(members, total, hasMore) {
      people.show(members.map((member) => ({ kind: 'person', key: member.id, stamp: member.name, ...member })))
      for (const place of counts) place.textContent = total
      more.hidden = !hasMore
      button.setAttribute('aria-label', phrase('room.count', { n: total }))
    },
  }
}
