import { inDatabase } from './outbox-database.js'
import { inMemory, inStorage } from './outbox-places.js'
import { keep } from './storage.js'

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
    const place = journaled(await within(OPENS_WITHIN_MS, inDatabase()), storage)
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
