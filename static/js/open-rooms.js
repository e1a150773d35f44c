import { tab } from './storage.js'

// The rooms this tab is in, over a reload: {slug, title, name}, in the order of the page. They are one member's: whoever comes to
// this tab under another one is in none of them.
const ALL = 'open:'
const key = (member) => ALL + member

export const openRooms = (member) => tab.recall(key(member), [])
export const rememberOpen = (member, rooms) => tab.keep(key(member), rooms)

// Whoever's it is.
export function forgetOpen(slug) {
  for (const each of tab.keysUnder(ALL)) tab.keep(each, tab.recall(each, []).filter((room) => room.slug !== slug))
}
