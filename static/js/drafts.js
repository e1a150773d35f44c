import { keep, recall } from './storage.js'

// What was being written in one room, over a reload or a crash.
export const draft = (room) => ({
  text: () => recall(`draft:${room}`, ''),
  write: (text) => keep(`draft:${room}`, text || null),
})
