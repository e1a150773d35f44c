import { addresses } from './addresses.js'
import { clone, parts } from './dom.js'
import { isOnlyEmoji } from './emoji.js'
import { isMarked, reader } from './markdown.js'
import { copyFrom } from './share.js'
import { elsewhere } from './sites.js'
import { phrase } from './words.js'

// What reading Markdown may take of one picture; the rest is shown as it was typed and read soon after.
const BUDGET_MS = 8
const TURN_MS = 16
const VISIBLE = /[^\s\p{C}\p{Z}\p{M}]/u

// Writes a stranger's text into a node: links, Markdown, large emoji. Made of nodes, each filled with text alone. markdown-it is
// fetched when the first text needs it; until then, and without it, a text is shown as it was typed.
//
// template   of a block of code
// still(change)   runs `change` without moving what is read
export function richText({ template, still }) {
  const waiting = new Map() // node → text to be read
  let read = null
  let fetching = false
  let spent = 0
  let turn = 0

  function write(node, text) {
    waiting.delete(node)
    node.classList.toggle('message__body--emoji', isOnlyEmoji(text))
    if (isMarked(text) && read && spent < BUDGET_MS && !waiting.size) return writeMarked(node, text)
    writePlain(node, text)
    if (!isMarked(text)) return
    waiting.set(node, text)
    if (read) soon()
    else fetchReader()
  }

  function writeMarked(node, text) {
    const began = performance.now()
    const tree = read(text)
    if (tree) node.replaceChildren(...tree.map(block))
    else writePlain(node, text)
    spent += performance.now() - began
    soon()
  }

  function soon() {
    turn ||= setTimeout(() => {
      turn = spent = 0
      if (waiting.size) still(catchUp)
    }, TURN_MS)
  }

  function catchUp() {
    for (const [node, text] of waiting) {
      if (spent >= BUDGET_MS) return
      waiting.delete(node)
      if (node.isConnected) writeMarked(node, text)
    }
  }

  async function fetchReader() {
    if (fetching) return
    fetching = true
    try {
      read = reader((await import('../vendor/markdown-it.esm.min.js')).default)
      soon()
    } catch {
      // Offline: asked for again by the next text that needs it.
      fetching = false
    }
  }

  // A quote or a list runs as its first letter does; an element inside with a direction of its own would hide that letter.
  function block(piece) {
    const node = made(piece)
    if (/^(?:p|blockquote|[uo]l)$/.test(piece.tag)) node.dir = 'auto'
    return node
  }

  function made(piece) {
    if (typeof piece === 'string') return piece
    const { tag, href, start, children } = piece
    if (tag === 'pre') return codeBlock(template, children.join(''))
    if (tag === 'a') return link(href, children)
    const node = document.createElement(tag)
    if (start) {
      node.start = start
      node.style.paddingInlineStart = `${String(start).length + 2}ch`
    }
    node.append(...children.map(made))
    return node
  }

  function link(href, children) {
    const node = Object.assign(document.createElement('a'), { href, target: '_blank', rel: 'noopener noreferrer', title: href })
    node.append(...children.map(made))
    if (!VISIBLE.test(node.textContent)) node.textContent = href
    const site = elsewhere(node.textContent, href)
    if (!site) return node
    const warning = Object.assign(document.createElement('strong'), { className: 'elsewhere', textContent: phrase('message.leads_to', { site }) })
    const both = document.createElement('span')
    both.append(node, ' ', warning)
    return both
  }

  function writePlain(node, text) {
    const pieces = addresses(text)
    if (pieces.length === 1 && pieces[0] === text) node.textContent = text
    else node.replaceChildren(...pieces.map((piece) => (piece.href ? link(piece.href, [piece.label]) : piece)))
  }

  return write
}

// Code with a button that copies it.
function codeBlock(template, code) {
  const node = clone(template)
  const { text, copy, word } = parts(node)
  text.textContent = code
  copy.addEventListener('click', () => copyFrom(text, code, word))
  return node
}
