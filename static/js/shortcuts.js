const WRITES = 'input, textarea, select, [contenteditable]'

// Keys that work wherever nothing is being written: / goes to the box, ? shows this and the other keys.
export function shortcuts({ dialog }, { write }) {
  const help = () => dialog.open || dialog.showModal()
  const keys = { '/': write, '?': help }

  document.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return
    if (event.target.closest(WRITES) || document.querySelector('dialog[open]')) return
    event.preventDefault()
    keys[event.key]()
  })

  return { help }
}
