import { recall, keep } from './storage.js'

// Where messages rest until the room has them. Three places with the same verbs: IndexedDB; localStorage where that is refused;
// else memory, and `keeps()` is false so that the page can say so.
//
// all({room, member})  in the order written      add(entry)      update(client_id, change)      remove(client_id)
// claim(name, holder, ms)  true when the lease is mine for `ms` from now      release(name, holder)
// A database that does not answer must not keep the page from the room.
const OPENS_WITHIN_MS = 3000

const within = (ms, promise) =>
  Promise.race([promise, new Promise((_, refuse) => setTimeout(refuse, ms, new Error('no answer')))])

export async function openOutboxStore() {
  try {
    return orInMemory(inDatabase(await within(OPENS_WITHIN_MS, openDatabase())))
  } catch {
    return keep('probe', 1) ? orInMemory(inStorage()) : inMemory()
  }
}

// A place that refuses later, being full or taken away, must not cost the message either, nor hold up those behind it.
function orInMemory(place) {
  const memory = inMemory()
  const unwritten = new Map() // client_id → what the place refused to write: a change, or null for a message done with
  let keeps = true

  async function inPlace(owner) {
    const kept = await place.all(owner).catch(() => [])
    return kept
      .filter(({ client_id }) => unwritten.get(client_id) !== null)
      .map((entry) => ({ ...entry, ...unwritten.get(entry.client_id) }))
  }

  return {
    keeps: () => keeps,
    all: async (owner) => [...(await inPlace(owner)), ...(await memory.all(owner))],
    add: (entry) =>
      place.add(entry).catch(() => {
        keeps = false
        return memory.add(entry)
      }),
    async update(client_id, change) {
      await memory.update(client_id, change)
      await place.update(client_id, change).catch(() => unwritten.set(client_id, { ...unwritten.get(client_id), ...change }))
    },
    async remove(client_id) {
      await memory.remove(client_id)
      await place.remove(client_id).catch(() => unwritten.set(client_id, null))
    },
    // Two tabs that send the same message are told apart by its `client_id`; a message never sent is worse.
    claim: (...lease) => place.claim(...lease).catch(() => true),
    release: (...lease) => place.release(...lease).catch(() => {}),
  }
}

const openDatabase = () =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('chat', 1)
    opening.onupgradeneeded = () => {
      const messages = opening.result.createObjectStore('outbox', { keyPath: 'order', autoIncrement: true })
      messages.createIndex('client_id', 'client_id', { unique: true })
      opening.result.createObjectStore('leases', { keyPath: 'name' })
    }
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = opening.onblocked = () => reject(opening.error)
  })

function inDatabase(database) {
  // `work` starts requests on the open store and returns a function that reads the result once the transaction is on disk.
  const transact = (name, mode, work) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode, { durability: mode === 'readwrite' ? 'strict' : 'default' })
      const result = work(transaction.objectStore(name))
      transaction.oncomplete = () => resolve(result?.())
      transaction.onerror = transaction.onabort = () => reject(transaction.error)
    })

  const withKept = (client_id, change) =>
    transact('outbox', 'readwrite', (messages) => {
      const found = messages.index('client_id').openCursor(IDBKeyRange.only(client_id))
      found.onsuccess = () => found.result && change(found.result)
    })

  const withLease = (name, change) => {
    let mine = false
    return transact('leases', 'readwrite', (leases) => {
      const found = leases.get(name)
      found.onsuccess = () => {
        mine = change(found.result, leases)
      }
      return () => mine
    })
  }

  return {
    async all(owner) {
      const everything = await transact('outbox', 'readonly', (messages) => {
        const reading = messages.getAll()
        return () => reading.result
      })
      return everything.filter(belongsTo(owner))
    },

    add: (entry) => transact('outbox', 'readwrite', (messages) => void messages.add(entry)),
    update: (client_id, change) => withKept(client_id, (cursor) => cursor.update({ ...cursor.value, ...change })),
    remove: (client_id) => withKept(client_id, (cursor) => cursor.delete()),

    claim: (name, holder, ms) =>
      withLease(name, (lease, leases) => {
        const free = isFree(lease, holder)
        if (free) leases.put({ name, holder, until_ms: Date.now() + ms })
        return free
      }),

    release: (name, holder) =>
      withLease(name, (lease, leases) => {
        if (lease?.holder === holder) leases.delete(name)
      }),
  }
}

const belongsTo =
  ({ room, member }) =>
  (entry) =>
    entry.room === room && entry.member === member

const isFree = (lease, holder) => !lease || lease.holder === holder || lease.until_ms < Date.now()

const inStorage = () => ({ ...listIn({ read: () => recall('outbox', []), write: keepOutbox }), ...leaseInStorage })

function keepOutbox(list) {
  if (!keep('outbox', list)) throw new Error('localStorage is full')
}

function inMemory() {
  let list = []
  const memory = {
    read: () => list,
    write: (next) => {
      list = next
    },
  }
  return { keeps: () => false, ...listIn(memory), claim: async () => true, release: async () => {} }
}

const listIn = ({ read, write }) => ({
  all: async (owner) => read().filter(belongsTo(owner)),
  add: async (entry) => write([...read(), entry]),
  update: async (client_id, change) => write(read().map((entry) => (entry.client_id === client_id ? { ...entry, ...change } : entry))),
  remove: async (client_id) => write(read().filter((entry) => entry.client_id !== client_id)),
})

const leaseInStorage = {
  // localStorage knows no transaction: write, let a rival's write land too, and see whose stayed.
  async claim(name, holder, ms) {
    if (!isFree(recall(`lease:${name}`), holder)) return false
    keep(`lease:${name}`, { holder, until_ms: Date.now() + ms })
    await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 50))
    return recall(`lease:${name}`)?.holder === holder
  },

  async release(name, holder) {
    if (recall(`lease:${name}`)?.holder === holder) keep(`lease:${name}`, null)
  },
}
