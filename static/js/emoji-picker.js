import { emojiGroups } from './emoji-data.js'
import { findEmoji } from './emoji-search.js'
import { keep, recall } from './storage.js'
import { phrase } from './words.js'

const MOST_FOUND = 64
const MOST_RECENT = 24
const GROUPS = [
  'emoji.people',
  'emoji.animals',
  'emoji.food',
  'emoji.travel',
  'emoji.activities',
  'emoji.objects',
  'emoji.symbols',
  'emoji.flags',
]

// Emoji by groups, by name, and those taken last. `take(sign)` hears the choice. Arrows move in the grid, Enter in the search takes
// the first; Escape or a click elsewhere closes. One group is drawn at a time. `signal` ends it.
export function emojiPicker({ button, panel, search, groups, grid, status }, { take, closed }, signal) {
  let all = []
  let group = 0

  async function open() {
    panel.hidden = false
    button.setAttribute('aria-expanded', 'true')
    search.value = ''
    // On touch the keyboard would cover what is to be picked.
    if (!matchMedia('(pointer: coarse)').matches) search.focus()
    status.textContent = ''
    try {
      all = await emojiGroups()
    } catch {
      status.textContent = phrase('emoji.missing')
      return
    }
    drawGroups()
    draw()
  }

  function close() {
    if (panel.hidden) return
    panel.hidden = true
    button.setAttribute('aria-expanded', 'false')
  }

  const recent = () => {
    const signs = recall('emoji', [])
    const known = new Map(all.flat().map((emoji) => [emoji.sign, emoji]))
    return signs.flatMap((sign) => known.get(sign) ?? [])
  }

  function drawGroups() {
    if (groups.childElementCount) return
    groups.append(
      ...all.map(([first], at) => {
        const node = signButton(first.sign, phrase(GROUPS[at]))
        node.addEventListener('click', () => {
          group = at
          search.value = ''
          draw()
        })
        return node
      }),
    )
  }

  function draw() {
    const found = search.value.trim() ? findEmoji(all.flat(), search.value, MOST_FOUND) : [...(group ? [] : recent()), ...all[group]]
    grid.replaceChildren(...found.map(({ sign, label }) => signButton(sign, label)))
    grid.scrollTop = 0
    reach(grid.firstElementChild)
    Array.from(groups.children).forEach((node, at) => node.setAttribute('aria-pressed', String(at === group && !search.value.trim())))
    status.textContent = found.length ? '' : phrase('emoji.none')
  }

  function signButton(sign, name) {
    const node = Object.assign(document.createElement('button'), { type: 'button', className: 'emoji__sign', textContent: sign, title: name })
    node.setAttribute('aria-label', name)
    return node
  }

  // The grid is one stop of Tab.
  function reach(node) {
    for (const other of grid.children) other.tabIndex = other === node ? 0 : -1
  }

  function choose(node) {
    const sign = node.textContent
    keep('emoji', [sign, ...recall('emoji', []).filter((other) => other !== sign)].slice(0, MOST_RECENT))
    close()
    take(sign)
  }

  function move(node, key) {
    const nodes = Array.from(grid.children)
    const columns = nodes.findIndex(({ offsetTop }) => offsetTop > nodes[0].offsetTop)
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }
    const next = nodes[nodes.indexOf(node) + steps[key]] ?? (key === 'ArrowUp' ? search : null)
    if (!next) return
    if (next !== search) reach(next)
    next.focus()
  }

  search.addEventListener('input', () => all.length && draw())
  grid.addEventListener('click', ({ target }) => target.matches('.emoji__sign') && choose(target))
  panel.addEventListener('keydown', (event) => {
    const { key, target } = event
    if (event.isComposing) return
    if (key === 'Escape') {
      close()
      closed()
    } else if (target === search && key === 'Enter') grid.firstElementChild && choose(grid.firstElementChild)
    else if (target === search && key === 'ArrowDown') grid.firstElementChild?.focus()
    else if (target.parentElement === grid && /^Arrow/.test(key)) move(target, key)
    else return
    event.preventDefault()
  })
  document.addEventListener('pointerdown', ({ target }) => panel.contains(target) || button.contains(target) || close(), { signal })
  panel.addEventListener('focusout', ({ relatedTarget: to }) => to && to !== button && !panel.contains(to) && close())

  return { toggle: () => (panel.hidden ? open() : close()) }
}
