// What this browser remembers between pages. A browser may refuse: then nothing is remembered and nothing breaks.
const PREFIX = 'chat:'

export function recall(key, otherwise = null) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key)) ?? otherwise
  } catch {
    return otherwise
  }
}

// True when it was kept. `null` forgets.
export function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key)
    else localStorage.setItem(PREFIX + key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

// Everything kept under keys that begin with `prefix`, in no order.
export function keptUnder(prefix) {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX + prefix))
      .map((key) => recall(key.slice(PREFIX.length)))
      .filter(Boolean)
  } catch {
    return []
  }
}

// As if nobody had been here.
export function forgetEverything() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key)
    indexedDB.deleteDatabase('chat')
  } catch {
    // What may not be kept needs no forgetting.
  }
}
