// Node fetches no file; the page's words are one.
import { readFile } from 'node:fs/promises'

globalThis.fetch = async (url) => ({ json: async () => JSON.parse(await readFile(url, 'utf8')) })
