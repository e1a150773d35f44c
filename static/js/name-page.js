import { rememberedName } from './name-memory.js'

// The username page: what this device remembers stands in the box already, marked, so that typing replaces it. After a refusal the
// box stays empty.
const field = document.getElementById('name')
if (!field.value && !field.matches('[aria-invalid]')) field.value = rememberedName()
field.select()
