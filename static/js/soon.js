// `work`, once, before the next picture; a hidden page draws none and gets it within a tenth of a second.
export function soon(work) {
  let frame = 0
  let timer = 0
  const run = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    frame = timer = 0
    work()
  }
  return () => {
    if (timer) return
    frame = requestAnimationFrame(run)
    timer = setTimeout(run, 100)
  }
}
