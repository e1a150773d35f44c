// Loads what was said before, as the reader comes near it: the start of what is loaded, or a gap. One page at a time.
export function history({ view, lines, timeline, fetchPage, busy }) {
  let loading = false

  const gapInView = () =>
    timeline.gaps().find(({ before }) => {
      const line = lines.querySelector(`[data-before="${before}"]`)
      return line && view.sees(line)
    })

  async function load(before) {
    if (loading) return
    loading = true
    busy(true)
    await fetchPage(before)
    loading = false
    busy(false)
  }

  return {
    load,

    // To be called when the reader or the lines moved.
    look() {
      const gap = gapInView()
      if (gap) load(gap.before)
      else if (timeline.older() && view.isNearStart()) load(timeline.first())
    },
  }
}
