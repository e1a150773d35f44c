// Longer, and it is a picture made of emoji rather than an answer.
const LONGEST = 100
const ONLY = /^(?:\p{RGI_Emoji}|\s)+$/v

export const isOnlyEmoji = (text) => text.length <= LONGEST && ONLY.test(text) && text.trim() !== ''
