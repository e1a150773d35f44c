import { figure, phrase } from './words.js'

// "(3 @1) Tea · Chatroom": what was not read in the room, then how many messages in all rooms speak of me. Pure.
export function pageTitle({ title, unread }, mentions) {
  const news = [unread.count && figure(unread.count), mentions && `@${figure(mentions)}`].filter(Boolean).join(' ')
  return `${news && `(${news}) `}${title} · ${phrase('app.name')}`
}
