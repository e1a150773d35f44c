import { reloadOnce, understood } from './mistaken.js'
import { learn } from './times.js'

// What the one connection means for the rooms: all come in when it is there, and are out when it is not. Returns what hears its
// state.
//
// open   see rooms.js; isReady() says whether it is there still
export function roomLink({ open, isReady }) {
  let comeback = 0

  // The shown room first, then one at a time: a server that just came back has everybody's rooms to open.
  async function joinAll() {
    const mine = (comeback += 1)
    const shown = open.shown()
    for (const room of [shown, ...open.all().filter((other) => other !== shown)]) {
      if (mine !== comeback || !isReady()) return
      if (open.get(room.slug) === room) await room.join()
    }
  }

  return (state) => {
    if (state.is === 'mistaken') reloadOnce()
    if (state.is === 'ready') {
      understood()
      learn(state.session.server_time_ms)
      joinAll()
    } else {
      for (const room of open.all()) if (room.state().is !== 'out') room.out()
    }
  }
}
