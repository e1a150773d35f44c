import { locale } from './locale.js'

// Times as people read them, in their own zone and language. The server's clock is the one that counts.
const short = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' })
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' })
const date = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
const dateOfAnotherYear = new Intl.DateTimeFormat(locale, { dateStyle: 'long' })
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
const DAY_MS = 86_400_000

let ahead = 0

export const learn = (serverTimeMs) => {
  ahead = serverTimeMs - Date.now()
}
export const now = () => Date.now() + ahead

export const shortTime = (ms) => short.format(ms)
export const fullTime = (ms) => full.format(ms)
export const iso = (ms) => new Date(ms).toISOString()

const midnight = (ms) => new Date(ms).setHours(0, 0, 0, 0)

export const dayOf = midnight

// Whole days from `ms` back to today: 0 for today, 1 for yesterday. A day of 23 or 25 hours is one day.
const daysAgo = (ms) => Math.round((midnight(now()) - midnight(ms)) / DAY_MS)

const sentence = (text) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)

export function dayLabel(ms) {
  if (Math.abs(daysAgo(ms)) < 2) return sentence(relative.format(-daysAgo(ms), 'day'))
  const thisYear = new Date(ms).getFullYear() === new Date(now()).getFullYear()
  return (thisYear ? date : dateOfAnotherYear).format(ms)
}

export const ago = (ms) => (daysAgo(ms) < 1 ? shortTime(ms) : relative.format(-daysAgo(ms), 'day'))
