import { clone, part, parts } from './dom.js'
import { linkOf } from './message-links.js'
import { initial, shade } from './person.js'
import { copyFrom } from './share.js'
import { fullTime, iso, shortTime } from './times.js'

// One message as a line. Data is only ever text: names and bodies come from strangers.
//
// templates   {message, state, mixed, role}: the last three are parts that few lines have
// acts        {retry, discard}, each (line): what can be done with a message of mine that the room does not have
// reading     {write, namesMe}: write(node, text) shows a body, namesMe(text) says whether it speaks of me
export const messageView = (templates, acts, { write, namesMe }) => (line) => {
  const node = clone(templates.message)
  const { face, author, link, time, body } = parts(node)
  let mixed = null
  let role = null
  let state = null
  let shown = line
  let written = null

  node.classList.add(`person-${shade(line.author.id)}`)

  function tellState({ reason, state: is }) {
    if (!state) {
      state = clone(templates.state)
      state.addEventListener('click', ({ target }) => {
        const act = target.dataset.act
        if (act === 'copy') copyFrom(body, shown.written, target)
        else if (act) acts[act](shown)
      })
      node.append(state)
    }
    state.hidden = !reason
    part(state, 'reason').textContent = reason ?? ''
    state.querySelector('[data-act="retry"]').hidden = is !== 'failed' && is !== 'late'
  }

  function markMixed(is) {
    if (is && !mixed) author.after(' ', (mixed = clone(templates.mixed)))
    if (mixed) mixed.hidden = !is
  }

  function show(next) {
    shown = next
    const name = next.author.name
    face.textContent = initial(name)
    author.textContent = name
    markMixed(next.author.mixed)
    // Only whoever runs the server can send a notice: what it is stands in words, not in a colour alone.
    if (next.is === 'notice' && !role) author.after(' ', (role = clone(templates.role)))
    time.textContent = shortTime(next.at)
    time.dateTime = iso(next.at)
    time.title = node.dataset.time = fullTime(next.at)
    if (next.id) {
      link.href = linkOf(next.id)
      link.ariaLabel = time.title
    }
    if (written !== next.body) write(body, (written = next.body))
    node.classList.toggle('message--first', next.first)
    node.classList.toggle('message--mine', next.mine)
    node.classList.toggle('message--named', !next.mine && namesMe(next.body))
    node.classList.toggle('message--action', next.is === 'action')
    node.classList.toggle('message--notice', next.is === 'notice')
    node.classList.toggle('message--pending', next.state !== 'sent')
    node.classList.toggle('message--failed', next.state === 'failed' || next.state === 'late')
    if (state || next.reason) tellState(next)
  }

  return { node, show }
}
