import { tell } from './dom.js'
import { typing as sentence } from './sentences.js'

const GONE_MS = 6000

// "Ann is typing": each name for six seconds after it was last told, or until their message is there.
export function typing(node, me) {
  const until = new Map()
  let timer = 0

  function show() {
    clearTimeout(timer)
    const now = Date.now()
    for (const [id, { at }] of until) {
      if (at <= now) until.delete(id)
    }
    tell(node, sentence([...until.values()].map(({ name }) => name)))
    if (until.size) timer = setTimeout(show, Math.min(...[...until.values()].map(({ at }) => at)) - now)
  }

  return {
    hear(members) {
      for (const { id, name } of members) {
        if (id !== me) until.set(id, { name, at: Date.now() + GONE_MS })
      }
      show()
    },
    done(id) {
      if (until.delete(id)) show()
    },
  }
}
