// Loads what is not here yet, before or after what is drawn. One page at a time.
//
// fetchPage({before} or {after})   resolves once the page is here, or cannot be had now
export function history({ fetchPage, busy }) {
  let loading = false

  return async function load(place) {
    if (loading || !place) return
    loading = true
    busy(true)
    await fetchPage(place)
    loading = false
    busy(false)
  }
}
