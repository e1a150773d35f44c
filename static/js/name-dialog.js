import { phrase, reason } from './words.js'

// Asks for my name, in place. A refusal says why beside the box and what was typed stays.
//
// rename(room, name)   rejects with what to say; away(room) is where "no" leads when the room has not let me in
export function nameDialog({ dialog, form, title, field, refusal, cancel, save }, { rename, away }) {
  let mustChoose = false
  let room = null // that it was opened for

  function open(asking, { name, must, because }) {
    room = asking
    mustChoose = must
    title.textContent = phrase(must ? 'rename.choose' : 'rename.change')
    cancel.textContent = phrase(must ? 'room.leave' : 'app.cancel')
    say(because)
    // A second refusal must not take away what was typed after the first.
    if (dialog.open) return
    field.value = name
    dialog.showModal()
    field.select()
  }

  function say(text) {
    refusal.textContent = text
    field.classList.toggle('is-invalid', Boolean(text))
    field.setAttribute('aria-invalid', String(Boolean(text)))
  }

  function close() {
    mustChoose = false
    if (dialog.open) dialog.close()
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    save.disabled = true
    try {
      await rename(room, field.value)
      close()
    } catch (error) {
      say(reason(error))
      field.focus()
    } finally {
      save.disabled = false
    }
  })

  cancel.addEventListener('click', () => (mustChoose ? away(room) : close()))
  // Escape is refused once; a browser lets nobody refuse it twice.
  dialog.addEventListener('cancel', (event) => mustChoose && event.preventDefault())
  dialog.addEventListener('close', () => mustChoose && dialog.showModal())

  return {
    change: (room) => open(room, { name: room.name(), must: false, because: '' }),
    choose: (room, because) => open(room, { name: '', must: true, because }),
    close,
    // The room let me in under the name I have.
    letIn: () => mustChoose && close(),
  }
}
