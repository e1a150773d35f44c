import { target } from './addresses.js'

// A site, and the rest of its address, which may hold the names of others.
const NAMED = /(?:https?:\/\/([^\s/?#]+)|((?:[\p{L}\p{N}_-]+\.)+\p{L}[\p{L}\p{N}-]+))(?:[/?#]\S*)?/giu
const INVISIBLE = /[\p{Cf}\p{M}]/gu
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const READ = 200

// The site that a link leads to while its label names another one; '' when the label is honest or names none.
export function elsewhere(label, href) {
  const site = siteOf(target(href))
  const isHonest = !TURNS.test(label) && (isItself(label, href) || (label.length <= READ && namedBy(label).every((named) => leadsThere(named, site))))
  return isHonest ? '' : site
}

const siteOf = (url) => (url.protocol === 'mailto:' ? url.pathname : url.hostname).split('@').at(-1).toLowerCase()

// A bare address, however long. "https://bank.example@evil.example" leads to evil.example and is read as bank.example.
function isItself(label, href) {
  const url = target(label)
  return url?.href === href && !url.username
}

function namedBy(label) {
  const plain = label.normalize('NFKC').replace(/[\u3002\uff61]/g, '.').replace(INVISIBLE, '')
  return Array.from(plain.matchAll(NAMED), ([, address, name]) => {
    const url = target(`https://${address ?? name}`)
    return url ? url.username || url.hostname : label
  })
}

const bare = (site) => site.replace(/^www\./, '')
const leadsThere = (named, site) => bare(site) === bare(named) || site.endsWith(`.${bare(named)}`)
