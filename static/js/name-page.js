import { rememberedName } from './name-memory.js'

// The username page: what this device remembers stands in the box already, marked, so that typing replaces it.
const field = document.getElementById('name')
if (!field.value) field.value = rememberedName()
field.select()
