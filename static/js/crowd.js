// A digest counts a crowd and names nobody: its people are read page by page, now and then again, as far as the reader went.
const AGAIN_MS = 60_000

// page(after)   asks for the people behind that name: {members, count, more}
// shown(people, {count, more})
export function crowd({ page, shown }) {
  let pages = 1
  let timer = 0
  let run = 0

  async function read() {
    const mine = (run += 1)
    const people = []
    let answer = { more: true }
    clearTimeout(timer)
    try {
      for (let number = 0; number < pages && answer.more; number += 1) {
        answer = await page(people.at(-1)?.name)
        if (mine !== run) return
        people.push(...answer.members)
      }
      shown(people, answer)
    } catch {
      // Asked again in a while.
    }
    if (mine === run) timer = setTimeout(read, AGAIN_MS * (1 + Math.random()))
  }

  return {
    read,

    more() {
      pages += 1
      return read()
    },

    stop() {
      clearTimeout(timer)
      run += 1
    },
  }
}
