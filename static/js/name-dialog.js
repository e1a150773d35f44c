import { phrase, reason } from './words.js'

// Asks for my name, in place. A refusal says why beside the box and what was typed stays.
//
// rename(name)   rejects with what to say; away() is where "no" leads when the room has not let me in
export function nameDialog({ dialog, form, title, field, refusal, cancel, save }, { rename, away }) {
  let mustChoose = false

  function open({ name, must, because }) {
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
      await rename(field.value)
      close()
    } catch (error) {
      say(reason(error))
      field.focus()
    } finally {
      save.disabled = false
    }
  })

  cancel.addEventListener('click', () => (mustChoose ? away() : close()))
  // Escape is refused once; a browser lets nobody refuse it twice.
  dialog.addEventListener('cancel', (event) => mustChoose && event.preventDefault())
  dialog.addEventListener('close', () => mustChoose && dialog.showModal())

  return {
    change: (name) => open({ name, must: false, because: '' }),
    choose: (because) => open({ name: '', must: true, because }),
    // The room let me in under the name I have.
    letIn: () => mustChoose && close(),
  }
}
