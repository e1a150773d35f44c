import { clone, parts } from './dom.js'
import { initial, shade } from './person.js'
import { count } from './words.js'

// The people in the room: me first, and how many in all.
export function membersView({ list, template, counts, button }, rename) {
  function person({ id, name, mine }) {
    const node = clone(template)
    const { face, name: shown, me, rename: change } = parts(node)
    node.classList.add(`person-${shade(id)}`)
    node.classList.toggle('person--me', mine)
    face.textContent = initial(name)
    shown.textContent = name
    me.hidden = change.hidden = !mine
    change.addEventListener('click', rename)
    return node
  }

  return {
    show(members, total) {
      list.replaceChildren(...members.map(person))
      for (const place of counts) place.textContent = total
      button.setAttribute('aria-label', count(total))
    },
  }
}
