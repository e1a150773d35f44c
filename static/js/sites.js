import { target } from './addresses.js'

const NAMED = /https?:\/\/([^\s/?#]+)|((?:[\p{L}\p{N}\p{M}_-]+\.)+\p{L}[\p{L}\p{M}\p{N}-]+)/iu
const INVISIBLE = /[\p{Cf}\p{M}]/gu
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const READ = 200

// The site that a link leads to while its label names another one; '' when the label is honest or names none.
export function elsewhere(label, href) {
  const url = target(href)
  const site = siteOf(url)
  if (label.length > READ || TURNS.test(label)) return label === href ? '' : site
  const named = namedBy(label)
  return named && !leadsThere(named, site) ? site : ''
}

const siteOf = (url) => (url.protocol === 'mailto:' ? url.pathname : url.hostname).split('@').at(-1).toLowerCase()

function namedBy(label) {
  const found = NAMED.exec(label.normalize('NFKC').replace(/[\u3002\uff61]/g, '.').replace(INVISIBLE, ''))
  if (!found) return ''
  const url = target(`https://${found[1] ?? found[2]}`)
  if (!url) return label
  // "https://bank.example@evil.example" leads to evil.example and is read as bank.example.
  return url.username ? url.username : url.hostname
}

const bare = (site) => site.replace(/^www\./, '')
const leadsThere = (named, site) => bare(site) === bare(named) || site.endsWith(`.${bare(named)}`)
