// 128 random bits in hex. crypto.randomUUID is withheld on a plain-HTTP address; getRandomValues never is.
export function clientId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
