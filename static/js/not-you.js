import { part } from './dom.js'
import { forgetEverything, recall } from './storage.js'

// "Not you?" on a shared machine. The cookie is the server's to forget; the name, the rooms, the drafts and what was never sent are ours.
const form = part(document, 'not-you')
if (recall('name') || recall('rooms', []).length) form.hidden = false
form.addEventListener('submit', () => forgetEverything())
