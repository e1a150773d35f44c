import { addressAt, nextAddress, target } from './addresses.js'

// Deeper than people write. A text that goes deeper is shown as it is.
const NESTING = 12
const INLINE_NESTING = 20
// More than people write, and less than keeps a page busy. Beyond that, too, a text is shown as it is.
const MOST_MARKS = 800
const MOST_LINKS = 100
const MARK = /[*_~`[\]<\\]|^[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])/m
const MARKS = /[*_~`[\]<\\!\n]/g
const LINKS = /\]\(|https?:|www\.|mailto:/gi
const STOPS = /[!*<[\\\]_`~]/g
const TAGS = { paragraph: 'p', blockquote: 'blockquote', bullet_list: 'ul', ordered_list: 'ol', list_item: 'li', strong: 'strong', em: 'em', s: 's', link: 'a' }

// Is there anything to read as Markdown? Most texts hold no such sign.
export const isMarked = (text) => MARK.test(text)

// markdown-it as this page needs it: (text) → a tree of texts and {tag, children, href?, start?}, or null: show it as it is.
// Headings, tables, HTML and pictures are not for a talk; an address of a picture is a link. Pure.
export function reader(markdownit) {
  const md = markdownit('zero', { maxNesting: NESTING })
  md.enable(['escape', 'backticks', 'strikethrough', 'emphasis', 'link', 'image', 'autolink', 'fence', 'blockquote', 'list'])
  md.inline.ruler.at('text', text)
  md.inline.ruler.push('address', address)
  md.normalizeLink = (href) => target(href)?.href ?? ''
  md.normalizeLinkText = (label) => label
  md.validateLink = (href) => target(href) !== null

  return (source) => {
    if (count(source, MARKS) > MOST_MARKS || count(source, LINKS) > MOST_LINKS) return null
    const tokens = md.parse(source, {})
    return tokens.some(isTooDeep) ? null : tree(tokens, source.split('\n'))
  }
}

const count = (text, signs) => text.match(signs)?.length ?? 0

// What lies in the deepest container of all was left out.
const isTooDeep = ({ type, level }) => (type === 'blockquote_open' || type === 'list_item_open') && level + 1 >= NESTING

// Ours stops at an address too: the signs in one are no Markdown.
function text(state, silent) {
  if (state.nextAddress === undefined || (state.nextAddress >= 0 && state.nextAddress < state.pos)) {
    state.nextAddress = nextAddress(state.src, state.pos)
  }
  STOPS.lastIndex = state.pos
  const mark = STOPS.exec(state.src)?.index ?? state.posMax
  const end = Math.min(mark, state.posMax, state.nextAddress < 0 ? Infinity : state.nextAddress)
  if (end === state.pos) return false
  if (!silent) state.pending += state.src.slice(state.pos, end)
  state.pos = end
  return true
}

// A link's label holds no other link.
function address(state, silent) {
  if (silent || state.linkLevel > 0 || state.nextAddress !== state.pos) return false
  const { end, href } = addressAt(state.src, state.pos)
  const label = state.src.slice(state.pos, end)
  if (href) Object.assign(state.push('address', '', 0), { content: label, meta: href })
  else state.pending += label
  state.pos = end
  return true
}

function tree(tokens, lines) {
  const open = [{ children: [] }]
  const add = (node) => open.at(-1).children.push(node)

  function enter(node) {
    add(node)
    open.push(node)
  }

  function walk(token) {
    const { type, nesting, content } = token
    if (token.map && type !== 'inline' && nesting >= 0 && open.at(-1).children.length) add('\n'.repeat(blankBefore(token.map[0], lines)))
    if (type === 'inline') token.children.forEach(walk)
    else if (type === 'text') add(content)
    else if (type === 'hardbreak') add('\n')
    else if (type === 'code_inline') add({ tag: 'code', children: [content] })
    else if (type === 'fence') add({ tag: 'pre', children: [content.replace(/\n$/, '')] })
    else if (type === 'address') add({ tag: 'a', href: token.meta, children: [content] })
    else if (type === 'image') add({ tag: 'a', href: token.attrGet('src'), children: [content] })
    else if (!token.hidden && nesting > 0) enter(opened(token))
    else if (!token.hidden && nesting < 0) open.pop()
  }

  tokens.forEach(walk)
  return tidy(open[0].children)
}

const opened = (token) => ({
  tag: TAGS[token.type.replace('_open', '')],
  href: token.attrGet('href'),
  start: token.attrGet('start'),
  children: [],
})

// Empty lines stay as many as they were written.
function blankBefore(line, lines) {
  let count = 0
  while (line - count > 0 && /^[\s>]*$/.test(lines[line - count - 1])) count += 1
  return count
}

// Without what is nothing or leads nowhere, and flat where signs are nested deeper than anybody means.
function tidy(nodes, depth = 0) {
  return nodes.flatMap((node) => {
    if (typeof node === 'string') return node === '' ? [] : [node]
    const children = tidy(node.children, depth + 1)
    const leadsNowhere = node.tag === 'a' && !node.href
    return leadsNowhere || depth > NESTING + INLINE_NESTING ? children : [{ ...node, children }]
  })
}
