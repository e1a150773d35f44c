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

    // The keys that begin with `prefix`, in no order.
    keysUnder(prefix) {
      try {
        return Object.keys(area()).flatMap((key) => (key.startsWith(PREFIX + prefix) ? [key.slice(PREFIX.length)] : []))
      } catch {
        return []
      }
    },
  }
}

const browser = memory(() => localStorage)
export const { recall, keep } = browser
// The same for this tab alone, until it is closed.
export const tab = memory(() => sessionStorage)

export const keptUnder = (prefix) => browser.keysUnder(prefix).map((key) => recall(key)).filter(Boolean)

// As if nobody had been here.
export function forgetEverything() {
  for (const area of [browser, tab]) for (const key of area.keysUnder('')) area.keep(key, null)
  try {
    indexedDB.deleteDatabase('chat')
  } catch {
    // What may not be kept needs no forgetting.
  }
}
