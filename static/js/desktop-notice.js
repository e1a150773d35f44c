// The notices of the desktop, as far as the browser lets a page have them.

const ICON = new URL('../icons/icon-192.png', import.meta.url).href

// 'granted', 'default' (it may be asked for), 'denied'; 'insecure' on a plain-HTTP address and 'missing' where there are none.
export function permission() {
  if (!isSecureContext) return 'insecure'
  if (!window.Notification) return 'missing'
  return Notification.permission !== 'granted' && isForWorkersOnly() ? 'missing' : Notification.permission
}

// Browsers of phones have the name and let no page use it. What is not permitted is not shown.
function isForWorkersOnly() {
  try {
    return !new Notification('')
  } catch {
    return true
  }
}

export const askPermission = () => Notification.requestPermission()

// One notice; a newer one of the same `tag` takes its place. `opened()` when it is clicked.
export function desktopNotice({ title, body, tag }, opened) {
  if (permission() !== 'granted') return
  const notice = new Notification(title, { body, tag, renotify: true, icon: ICON })
  notice.addEventListener('click', () => {
    window.focus()
    notice.close()
    opened()
  })
}
