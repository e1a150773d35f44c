import { fold } from './completion.js'
import { clone, parts } from './dom.js'
import { lineList } from './line-list.js'
import { initial, shade } from './person.js'
import { rovingStop } from './roving-stop.js'
import { figure, phrase } from './words.js'

// So many are looked over faster than a name is typed.
const FEW = 12

// The people in the room: me first, and how many in all; of many those whose name holds what is typed. A click mentions. Of a
// crowd some, and a button for more of them.
export function membersView({ list, template, counts, button, filter, none, more }, { mention, rename, readOn }) {
  const people = lineList(list, { person })
  const stop = rovingStop(list, '.person__mention:not([hidden])')
  let known = []

  function person({ id, mine }) {
    const node = clone(template)
    const { face, name: shown, mixed: mark, me, mention: choose, rename: change } = parts(node)
    let called = ''
    node.classList.add(`person-${shade(id)}`)
    node.classList.toggle('person--me', mine)
    me.hidden = change.hidden = !mine
    choose.hidden = mine
    choose.addEventListener('click', () => {
      look('')
      mention(called)
    })
    change.addEventListener('click', rename)

    return {
      node,
      show({ name, mixed }) {
        face.textContent = initial(name)
        shown.textContent = called = name
        mark.hidden = !mixed
        choose.title = phrase('room.mention', { name })
        choose.setAttribute('aria-label', choose.title)
      },
    }
  }

  function look(asked) {
    filter.value = asked
    const key = fold(asked.trim())
    const found = key ? known.filter(({ name }) => fold(name).includes(key)) : known
    filter.hidden = known.length <= FEW && !key
    none.hidden = found.length > 0 || !key
    people.show(found.map((member) => ({ kind: 'person', key: member.id, stamp: member.name, ...member })))
    stop.settle()
  }

  filter.addEventListener('input', () => look(filter.value))
  filter.addEventListener('keydown', (event) => {
    if (event.isComposing || !['ArrowDown', 'Enter'].includes(event.key)) return
    event.preventDefault()
    if (event.key === 'Enter') stop.first()?.click()
    else stop.first()?.focus()
  })
  more.addEventListener('click', readOn)

  return {
    show(members, total, hasMore) {
      known = members
      look(filter.value)
      for (const place of counts) place.textContent = figure(total)
      more.hidden = !hasMore
      button.setAttribute('aria-label', phrase('room.count', { n: total }))
    },
  }
}
