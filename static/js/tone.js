const NOTES_HZ = [660, 880]
const NOTE_S = 0.12
const LOUDNESS = 0.15
const LATE_MS = 1000

let context = null // one for the page, at rest between the tones
let sounding = 0

// Two short notes, made here. A browser may keep a page silent until something is clicked in it: then the tone is not made up for.
export async function tone() {
  context ??= new AudioContext()
  const asked = performance.now()
  await context.resume()
  if (performance.now() - asked > LATE_MS) return rest()
  const loudness = new GainNode(context, { gain: 0 })
  loudness.connect(context.destination)
  const start = context.currentTime
  const end = start + NOTES_HZ.length * NOTE_S
  loudness.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01)
  loudness.gain.setValueAtTime(LOUDNESS, end - NOTE_S)
  loudness.gain.linearRampToValueAtTime(0, end)
  const note = new OscillatorNode(context)
  NOTES_HZ.forEach((hertz, at) => note.frequency.setValueAtTime(hertz, start + at * NOTE_S))
  note.connect(loudness)
  note.addEventListener('ended', () => {
    sounding -= 1
    loudness.disconnect()
    rest()
  })
  sounding += 1
  note.start(start)
  note.stop(end)
}

const rest = () => sounding === 0 && context.suspend()
