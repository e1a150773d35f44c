import { NoAnswer, Refusal } from './protocol.js'

// Asks the server for the room of that name: {slug, title, alike?, mixed?}. rejects Refusal, NoAnswer
export async function askRoom(name) {
  const asked = { room: name }
  let answer
  try {
    const sent = { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(asked) }
    answer = await (await fetch('/rooms/known', sent)).json()
  } catch {
    throw new NoAnswer('/rooms/known')
  }
  if (!answer.ok) throw new Refusal(answer.error, asked)
  return answer.room
}
