// The language of the page, which the server chose, and the reader's own country's form of it: dates, numbers and lists follow it.
export const language = globalThis.document?.documentElement.lang ?? 'en'
export const locale = globalThis.navigator?.languages?.find((one) => one.split('-')[0] === language) ?? language
