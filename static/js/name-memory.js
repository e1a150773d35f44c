import { keep, recall } from './storage.js'

// The name last used on this device: what the username page fills in.
export const rememberName = (name) => keep('name', name)
export const rememberedName = () => recall('name', '')
