import { clone, part, tell } from './dom.js'
import { dayLabel, dayOf, iso } from './times.js'
import { happened } from './sentences.js'

// The lines between messages: a new day, people who came and went, a stretch that is not loaded,
// and where the new begins.
export const dayView = (template) => () => {
  const node = clone(template)
  const time = part(node, 'day')
  return {
    node,
    show({ at }) {
      time.textContent = dayLabel(at)
      time.dateTime = iso(dayOf(at))
    },
  }
}

export const systemView = (template) => () => {
  const node = clone(template)
  return { node, show: ({ sentences }) => tell(node, happened(sentences)) }
}

export const gapView = (template, load) => ({ place }) => {
  const node = clone(template)
  node.addEventListener('click', () => load(place))
  return { node, show() {} }
}

export const newView = (template) => () => ({ node: clone(template), show() {} })
