import { belongsTo, isFree } from './outbox-places.js'

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

// The outbox in IndexedDB, with the verbs of outbox-store.js.
export async function inDatabase() {
  const database = await openDatabase()

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
