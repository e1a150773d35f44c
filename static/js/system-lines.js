// Who came, went or took another name between two messages, as few sentences: what happened in sum, not step by step.
//
// events   {what: 'joined' | 'left' | 'renamed', id, name, old_name?} in the order they came
// returns  {what: 'joined' | 'left' | 'returned' | 'visited', names} and {what: 'renamed', name, old_name}
export function fold(events) {
  const people = new Map()
  for (const { what, id, name, old_name } of events) {
    const person = people.get(id) ?? { wasHere: what !== 'joined', moved: false, before: old_name ?? name }
    const isHere = what !== 'left'
    people.set(id, { ...person, isHere, name, moved: person.moved || what !== 'renamed' })
  }
  const sentences = []
  for (const person of people.values()) {
    const what = outcome(person)
    if (what === 'renamed') sentences.push({ what, name: person.name, old_name: person.before })
    else if (what) group(sentences, what).names.push(person.name)
  }
  return sentences
}

function outcome({ wasHere, isHere, moved, name, before }) {
  if (!wasHere) return isHere ? 'joined' : 'visited'
  if (!isHere) return 'left'
  if (name !== before) return 'renamed'
  return moved ? 'returned' : null
}

function group(sentences, what) {
  let found = sentences.find((sentence) => sentence.what === what)
  if (!found) sentences.push((found = { what, names: [] }))
  return found
}
