import { clientId } from './ids.js'

const LEASE_MS = 3000

// `work(isMine)` while no other tab of this browser does the same under this name. Web Locks where the browser has them; on a
// plain-HTTP address it withholds them, and a lease in the tabs' common store does: taken atomically, renewed while the work
// lasts, free again soon after a tab died.
export function senderLock({ locks, store, pause, holder = clientId() }) {
  const locked = (name, work) => locks.request(`chat-outbox ${name}`, () => work(async () => true))

  async function leased(name, work) {
    const claim = () => store.claim(name, holder, LEASE_MS)
    while (!(await claim())) await pause(LEASE_MS / 3)
    const renewal = setInterval(claim, LEASE_MS / 3)
    try {
      return await work(claim)
    } finally {
      clearInterval(renewal)
      await store.release(name, holder)
    }
  }

  return locks ? locked : leased
}
