import { phrase } from './words.js'

const MOST = 3
const GONE_AFTER_MS = 10_000

// Reads live messages out: who, and what. The list of messages cannot do it, for it also grows by pages of what was said before,
// and a screen reader cannot tell these from the new. What was read out goes again, so that nobody meets it twice.
export function announcer(node) {
  let heard = []

  function read(text) {
    const line = document.createElement('p')
    line.textContent = text
    node.append(line)
    setTimeout(() => line.remove(), GONE_AFTER_MS)
  }

  return {
    hear: (message) => heard.push(message),
    read,

    // All that was heard since the last time.
    readOut() {
      if (heard.length > MOST) read(phrase('room.new', { n: heard.length }))
      else for (const { author, body } of heard) read(`${author.name}: ${body}`)
      heard = []
    },
  }
}
