// What this browser remembers between pages. A browser may refuse: then nothing is remembered and nothing breaks.
const PREFIX = 'chat:'

// area()   the browser's storage; even to name it may be refused
function memory(area) {
  return {
    recall(key, otherwise = null) {
      try {
        return JSON.parse(area().getItem(PREFIX + key)) ?? otherwise
      } catch {
        return otherwise
      }
    },

    // True when it was kept. `null` forgets.
    keep(key, value) {
      try {
        if (value === null) area().removeItem(PREFIX + key)
        else area().setItem(PREFIX + key, JSON.stringify(value))
        return true
      } catch {
        return false
      }
    },
  }
}

export const { recall, keep } = memory(() => localStorage)
// The same for this tab alone, until it is closed.
export const tab = memory(() => sessionStorage)

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
    for (const area of [localStorage, sessionStorage]) {
      for (const key of Object.keys(area)) if (key.startsWith(PREFIX)) area.removeItem(key)
    }
    indexedDB.deleteDatabase('chat')
  } catch {
    // What may not be kept needs no forgetting.
  }
}
