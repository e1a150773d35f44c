// The address of a message is its room's, with the message's number behind a '#'.
export const linkOf = (number) => `#m${number}`

// The number in such an address, or null.
export function linkedMessage(hash) {
  const number = Number(/^#m(\d{1,16})$/.exec(hash)?.[1])
  return Number.isSafeInteger(number) && number > 0 ? number : null
}

// The time of a message is its link. A click copies it, and Ctrl, the middle button or a long press do as with any link. Tab leads
// to one of them, the last in view; the arrow keys from there to the others.
//
// copy(href, link)   the link as written in the page, and its node
// signal             ends it
export function messageLinks({ view, lines }, { copy, signal }) {
  const links = () => Array.from(lines.querySelectorAll('.message__link[href]'))

  lines.addEventListener('click', (event) => {
    const link = event.target.closest('.message__link[href]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    copy(link.getAttribute('href'), link)
  })

  lines.addEventListener('keydown', (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    const link = event.target.closest('.message__link')
    if (!step || !link) return
    event.preventDefault()
    const all = links()
    all[all.indexOf(link) + step]?.focus()
  })

  // Just before the focus moves: one of hundreds is a stop, and it is where the reader looks.
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Tab') return
      for (const link of lines.querySelectorAll('.message__link[tabindex="0"]')) link.tabIndex = -1
      const end = view.getBoundingClientRect().bottom
      const stop = links().findLast((link) => link.closest('.message').getBoundingClientRect().bottom <= end + 1)
      if (stop && !lines.contains(document.activeElement)) stop.tabIndex = 0
    },
    { capture: true, signal },
  )
}
