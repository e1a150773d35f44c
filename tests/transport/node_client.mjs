// The official client of Socket.IO, as a stranger would use it: node node_client.mjs URL ROOM → one JSON line.
import { io } from 'socket.io-client'

const [url, room] = process.argv.slice(2)
const socket = io(url, { transports: ['websocket'], auth: { v: 1 }, reconnection: false, timeout: 5000 })
const heard = (event) => new Promise((resolve) => socket.once(event, resolve))
const asks = (event, payload) => socket.timeout(5000).emitWithAck(event, payload)

socket.on('connect_error', (error) => {
  console.error(error.message)
  process.exit(1)
})

const ready = await heard('session:ready')
const posted = heard('message:posted')
const joined = await asks('room:join', { room, name: 'Nodea' })
const sent = await asks('message:send', { room, client_id: 'a'.repeat(32), body: 'hello from node' })
const refused = await asks('message:send', { room, client_id: 'b'.repeat(32), body: '' })
console.log(JSON.stringify({ ready, joined, sent, refused, posted: await posted }))
socket.disconnect()
