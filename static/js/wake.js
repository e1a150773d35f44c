// The moments when a connection that seems fine may be dead, or one that waits may try at once.
export function onWake(wake) {
  addEventListener('online', wake)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && wake())
}
