import { keep, keptUnder, recall } from './storage.js'

// Where messages rest until the room has them. Three places with the same verbs: IndexedDB, with localStorage for the moment that
// its disk takes; localStorage alone where that is refused; else memory, and `keeps()` is false so that the page can say so.
// `add` has the message safe before it returns, where localStorage is to be had, and for good once it resolves.
//
// all({room, member})  in the order written      add(entry)      update(client_id, change)      remove(client_id)
// claim(name, holder, ms)  true when the lease is mine for `ms` from now      release(name, holder)
// A database that does not answer must not keep the page from the room.
const OPENS_WITHIN_MS = 3000

const within = (ms, promise) =>
  Promise.race([promise, new Promise((_, refuse) => setTimeout(refuse, ms, new Error('no answer')))])

export async function openOutboxStore() {
  const storage = inStorage()
  try {
    const place = journaled(inDatabase(await within(OPENS_WITHIN_MS, openDatabase())), storage)
    // What a page that died left half kept goes to the database before anything new.
    for (const entry of storage.everything()) place.add(entry).catch(() => {})
    return orInMemory(place)
  } catch {
    return keep('probe', 1) ? orInMemory(storage) : inMemory()
  }
}

// Until the database has a message on disk, the journal has it.
function journaled(database, journal) {
  const both = (verb, ...what) => Promise.all([journal[verb](...what), database[verb](...what)])

  return {
    ...database,

    // The journal is read first: a message on its way into the database is then seen in one of the two.
    async all(owner) {
      const noted = await journal.all(owner)
      const kept = await database.all(owner)
      const known = new Set(kept.map(({ client_id }) => client_id))
      return [...kept, ...noted.filter(({ client_id }) => !known.has(client_id))]
    },

    async add(entry) {
      const noted = journal.add(entry)
      noted.catch(() => {})
      await database.add(entry).then(
        () => journal.remove(entry.client_id),
        () => noted,
      )
    },

    update: (...change) => both('update', ...change),
    remove: (client_id) => both('remove', client_id),
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
      transaction.onabort = () => reject(transaction.error)
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

    // Another tab may have found it in the journal and added it already.
    add: (entry) =>
      transact('outbox', 'readwrite', (messages) => {
        const adding = messages.add(entry)
        adding.onerror = (event) => adding.error.name === 'ConstraintError' && event.preventDefault()
      }),
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

// A key for each message, since two tabs that write one list would write over each other. `n` is the order.
function inStorage() {
  const key = (client_id) => `outbox:${client_id}`
  const everything = () => keptUnder('outbox:').sort((one, other) => one.n - other.n)

  function write(entry) {
    if (!keep(key(entry.client_id), entry)) throw new Error('localStorage is full')
  }

  return {
    everything,
    all: async (owner) => everything().filter(belongsTo(owner)),
    add: async (entry) => write({ ...entry, n: 1 + (everything().at(-1)?.n ?? 0) }),
    async update(client_id, change) {
      const kept = recall(key(client_id))
      if (!kept) return
      if ((change.client_id ?? client_id) !== client_id) keep(key(client_id), null)
      write({ ...kept, ...change })
    },
    async remove(client_id) {
      if (!keep(key(client_id), null)) throw new Error('localStorage is closed')
    },
    ...leaseInStorage,
  }
}

function inMemory() {
  let list = []
  return {
    keeps: () => false,
    all: async (owner) => list.filter(belongsTo(owner)),
    async add(entry) {
      list.push(entry)
    },
    async update(client_id, change) {
      list = list.map((entry) => (entry.client_id === client_id ? { ...entry, ...change } : entry))
    },
    async remove(client_id) {
      list = list.filter((entry) => entry.client_id !== client_id)
    },
    claim: async () => true,
    release: async () => {},
  }
}

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
