// What a text holds of emoji. Pure.

// Longer, and it is a picture made of emoji rather than an answer.
const LONGEST = 100
const ONLY = /^(?:\p{RGI_Emoji}|\s)+$/v
const WRITTEN = /(?<![\p{L}\p{N}:]):([\p{L}\p{N}_+-]{2,40})(:?)$/u

export const isOnlyEmoji = (text) => text.length <= LONGEST && ONLY.test(text) && text.trim() !== ''

// The name being written at the end of `text`: {from, begun, closed}, or null; closed by its second colon. Two letters begin one.
export function begunEmoji(text) {
  const found = WRITTEN.exec(text.slice(-50))
  return found && { from: text.length - found[0].length, begun: found[1].toLowerCase(), closed: found[2] === ':' }
}
