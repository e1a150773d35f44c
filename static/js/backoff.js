// How long to wait before try number `tries` (from 0): full jitter, so that a thousand pages never return at once.
export function delay(tries, { min_ms: min, max_ms: max }, random = Math.random) {
  return Math.round(random() * Math.min(max, min * 2 ** Math.min(tries, 20)))
}
