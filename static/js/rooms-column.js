import { clone, parts } from './dom.js'
import { lineList } from './line-list.js'
import { refusal } from './refusal.js'
import { phrase, reason } from './words.js'

const MOST = 99
// What a room wants of its reader.
const WANTS = { unnamed: 'rooms.unnamed', refused: 'rooms.refused' }

// The rooms this page is in, with what was not read in each, and a box to go to another one. A column on a wide screen, a drawer
// on a narrow one.
//
// tells   show(slug); go(name), which rejects with a refusal that is said beside the box
export function roomsColumn({ column, list, template, form, field, place }, { show, go }) {
  const refuse = refusal(field, place)
  const lines = lineList(list, { room })

  function room({ slug }) {
    const node = clone(template)
    const { link, title, wants, mentions, count } = parts(node)
    link.href = `/r/${encodeURIComponent(slug)}`
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      close()
      show(slug)
    })

    return {
      node,
      show({ title: name, isShown, is, unread }) {
        title.textContent = link.title = name
        link.toggleAttribute('aria-current', isShown)
        if (isShown) link.setAttribute('aria-current', 'page')
        link.classList.toggle('rooms__link--unread', unread.count > 0)
        wants.hidden = !WANTS[is]
        if (WANTS[is]) wants.setAttribute('aria-label', (wants.title = phrase(WANTS[is])))
        tell(mentions, unread.mentions, 'rooms.mentions', '@')
        tell(count, unread.count, 'rooms.unread', '')
      },
    }
  }

  function tell(node, n, key, sign) {
    node.hidden = n === 0
    node.textContent = sign + (n > MOST ? `${MOST}+` : n)
    node.setAttribute('aria-label', phrase(key, { n }))
  }

  function close() {
    if (column.matches(':popover-open')) column.hidePopover()
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const name = field.value
    if (!name.trim()) return
    refuse('')
    try {
      await go(name)
      field.value = ''
      close()
    } catch (error) {
      refuse(reason(error))
      field.focus()
    }
  })
  field.addEventListener('input', () => refuse(''))

  return {
    // rooms   {slug, title, isShown, is: as state() of room-session.js, unread: {count, mentions}}
    show(rooms) {
      lines.show(rooms.map((each) => ({ kind: 'room', key: each.slug, stamp: JSON.stringify(each), ...each })))
    },
  }
}
