const COMMANDS = new Set(['me', 'nick', 'help'])

// What was typed: {say: text}, {command, rest}, or {unknown: '/word'}. Two slashes begin a text that begins with one. Pure.
export function understood(typed) {
  if (typed.startsWith('//')) return { say: literal(typed.slice(1)) }
  if (!typed.startsWith('/')) return { say: typed }
  const [, word, rest] = /^\/(\S*)\s*(.*)$/s.exec(typed)
  const command = word.toLowerCase()
  if (!COMMANDS.has(command)) return { unknown: `/${word}` }
  if (command !== 'me') return { command, rest: rest.trim() }
  return rest.trim() ? { say: `/me ${rest}` } : { unknown: '/me' }
}

// The room takes "/me " at the very start for an action, and for nothing else.
const literal = (text) => (text.startsWith('/me ') ? ` ${text}` : text)

// How the room will show a text that it does not have yet: {is, body}.
export const asShown = (text) => (text.startsWith('/me ') ? { is: 'action', body: text.slice(4) } : { is: 'text', body: text })
