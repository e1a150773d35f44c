import { clone, part } from './dom.js'
import { refusal } from './refusal.js'
import { phrase, reason } from './words.js'

// Asks for my name, in place. A refusal says why beside the box, what was typed stays, and of a taken name some like it are offered.
//
// template             of an offered name
// rename(room, name)   rejects with what to say; away(room) is where "no" leads when the room has not let me in
export function nameDialog({ dialog, form, title, field, place, others, free, template, cancel, save }, { rename, away }) {
  const say = refusal(field, place)
  let mustChoose = false
  let room = null // that it was opened for
  let known = null // the refusal that is said

  function open(asking, { name, must, because }) {
    room = asking
    mustChoose = must
    title.textContent = phrase(must ? 'rename.choose' : 'rename.change')
    cancel.textContent = phrase(must ? 'room.leave' : 'app.cancel')
    tell(because)
    // A second refusal must not take away what was typed after the first.
    if (dialog.open) return
    field.value = name
    dialog.showModal()
    field.select()
  }

  // What is said already is not said again: a name may be under the finger.
  function tell(error) {
    if (error && error === known) return
    known = error
    say(error ? reason(error) : '')
    const names = error?.free ?? []
    others.hidden = names.length === 0
    free.replaceChildren(...names.map(offer))
  }

  function offer(name) {
    const node = clone(template)
    part(node, 'name').textContent = name
    node.addEventListener('click', () => {
      field.value = name
      take()
    })
    return node
  }

  function close() {
    mustChoose = false
    if (dialog.open) dialog.close()
  }

  async function take() {
    save.disabled = true
    try {
      await rename(room, field.value)
      close()
    } catch (error) {
      tell(error)
      field.focus()
    } finally {
      save.disabled = false
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    take()
  })

  cancel.addEventListener('click', () => (mustChoose ? away(room) : close()))
  // Escape is refused once; a browser lets nobody refuse it twice.
  dialog.addEventListener('cancel', (event) => mustChoose && event.preventDefault())
  dialog.addEventListener('close', () => mustChoose && dialog.showModal())

  return {
    change: (room) => open(room, { name: room.name(), must: false, because: null }),
    choose: (room, because) => open(room, { name: '', must: true, because }),
    close,
    // The room let me in under the name I have.
    letIn: () => mustChoose && close(),
  }
}
