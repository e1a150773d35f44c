import { keep, keptUnder, recall } from './storage.js'

// Where the outbox rests without a database, with the verbs of outbox-store.js.
export const belongsTo =
  ({ room, member }) =>
  (entry) =>
    entry.room === room && entry.member === member

// Whether a lease may be taken by this holder.
export const isFree = (lease, holder) => !lease || lease.holder === holder || lease.until_ms < Date.now()

// A key for each message, since two tabs that write one list would write over each other. `n` is the order.
export function inStorage() {
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

export function inMemory() {
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
