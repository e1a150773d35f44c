import { clone, parts } from './dom.js'
import { initial, shade } from './person.js'
import { fullTime, iso, shortTime } from './times.js'

// One message as a line. Data is only ever text: names and bodies come from strangers.
//
// acts   {retry, copy, discard}, each (line): what can be done with a message of mine that the room does not have
export const messageView = (template, acts) => (line) => {
  const node = clone(template)
  const { face, author, mixed, time, body, state, reason } = parts(node)
  let shown = line

  node.classList.add(`person-${shade(line.author.id)}`)
  state.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-act]')
    if (button) acts[button.dataset.act](shown)
  })

  function show(next) {
    shown = next
    const name = next.author.name
    face.textContent = initial(name)
    author.textContent = name
    mixed.hidden = !next.author.mixed
    time.textContent = shortTime(next.at)
    time.dateTime = iso(next.at)
    time.title = fullTime(next.at)
    body.textContent = next.body
    node.classList.toggle('message--first', next.first)
    node.classList.toggle('message--mine', next.mine)
    node.classList.toggle('message--action', next.is === 'action')
    node.classList.toggle('message--notice', next.is === 'notice')
    node.classList.toggle('message--pending', next.state !== 'sent')
    node.classList.toggle('message--failed', next.state === 'failed')
    state.hidden = !next.reason
    reason.textContent = next.reason ?? ''
    state.querySelector('[data-act="retry"]').hidden = next.state !== 'failed'
  }

  return { node, show }
}
