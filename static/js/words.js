// What the page says by itself, in one place. A sentence about people is a list of texts and {name}: a name is a stranger's
// text and gets a node of its own.
export const people = (names, most = 3) => {
  const shown = names.slice(0, names.length > most + 1 ? most : names.length).map((name) => ({ name }))
  const rest = names.length - shown.length
  const all = rest ? [...shown, `${rest} others`] : shown
  return all.flatMap((one, at) => (at === 0 ? [one] : [at === all.length - 1 ? ' and ' : ', ', one]))
}

const HAPPENED = {
  joined: ({ names }) => [...people(names), ' joined'],
  left: ({ names }) => [...people(names), ' left'],
  returned: ({ names }) => [...people(names), ' left and came back'],
  visited: ({ names }) => [...people(names), ' came and went'],
  renamed: ({ name, old_name }) => [{ name: old_name }, ' is now ', { name }],
}

export const happened = (sentences) =>
  sentences.flatMap((sentence, at) => [...(at ? [' · '] : []), ...HAPPENED[sentence.what](sentence)])

export const typing = (names) => {
  if (names.length === 0) return []
  return names.length > 3 ? ['Several people are typing…'] : [...people(names), names.length === 1 ? ' is typing…' : ' are typing…']
}

export const count = (n) => (n === 1 ? '1 person' : `${n} people`)

export const words = {
  copy: 'Copy',
  copied: 'Copied',
  selected: 'Selected',
  leadsTo: (site) => `(leads to ${site})`,
  matching: (n) => (n === 1 ? '1 name. Enter takes it.' : `${n} names. Up and Down choose, Enter takes one.`),
  unknownCommand: (word) => `${word} does nothing here, so it was not sent. Known are /me, /nick and /help. To send it as text, begin with //.`,
  waiting: 'Waiting to be sent.',
  notYet: 'Not confirmed yet. Trying again.',
  connecting: 'Connecting…',
  nextTry: (seconds) => `Reconnecting… next try in ${seconds} s.`,
  now: 'Now',
  stopping: 'The server is restarting. Back in a moment…',
  outdated: 'This page is older than the server. Load it again to go on.',
  mistaken: 'The server takes this browser for somebody else. Load the page again to go on.',
  reload: 'Load again',
  joining: 'Coming into the room…',
  tooLong: (over) => `${over === 1 ? '1 character' : `${over} characters`} too many. Shorten the text to send it.`,
  left: (n) => `${n} left`,
  keepsNothing: 'This browser keeps nothing for this page: a message not sent yet is lost when the page is closed.',
  newMessages: (n) => `${n} new`,
  rename: 'Change your name',
  chooseAnother: 'Choose another name',
  toLobby: 'To the lobby',
  cancel: 'Cancel',
  noAnswer: 'No answer from the server. Try again.',
  forget: (title) => `Forget ${title}`,
}
