// The same chat on Socket.IO for Node, as its own tutorial writes it: nothing stored, nothing checked, nobody announced.
// node bench/peers/node/server.mjs PORT [REDIS_URL]; with a Redis it is one of several processes. Events: join {room, name}, message {room, body}; each gets an ack.

import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import { createClient } from 'redis'
import { Server } from 'socket.io'

const http = createServer((request, response) => response.end('ok'))
const [port, redis] = process.argv.slice(2)
const io = new Server(http)
if (redis) {
  const tell = createClient({ url: redis })
  const hear = tell.duplicate()
  await Promise.all([tell.connect(), hear.connect()])
  io.adapter(createAdapter(tell, hear))
}

io.on('connection', (socket) => {
  socket.on('join', ({ room, name }, ack) => {
    socket.data.name = name
    socket.join(room)
    ack({ ok: true, count: io.sockets.adapter.rooms.get(room).size })
  })
  socket.on('message', ({ room, body }, ack) => {
    io.to(room).emit('message', { name: socket.data.name, body })
    ack({ ok: true })
  })
})

http.listen({ port: Number(port), host: '127.0.0.1', backlog: 1024 })
