// The wire, version 1: the browser's copy of app/protocol.py, explained in docs/protocol.md. A test holds the three equal.
export const VERSION = 1
export const PATH = '/socket.io/'

// Event → its fields; an optional one ends in '?'.
export const CLIENT_EVENTS = {
  'room:join': ['room', 'name', 'since?'],
  'room:leave': ['room'],
  'name:change': ['room', 'name'],
  'message:send': ['room', 'client_id', 'body'],
  'history:fetch': ['room', 'before?', 'after?', 'after_seq?', 'limit?'],
  'typing:start': ['room'],
  'members:list': ['room', 'after?'],
}

export const SERVER_EVENTS = [
  'session:ready',
  'message:posted',
  'message:changed',
  'members:changed',
  'typing:changed',
  'room:head',
  'server:changed',
  'server:stopping',
]

export const CODES = [
  'payload_invalid',
  'name_invalid',
  'name_taken',
  'room_invalid',
  'room_full',
  'room_locked',
  'not_in_room',
  'body_empty',
  'body_too_long',
  'client_id_conflict',
  'too_fast',
  'forbidden',
  'upgrade_required',
  'unavailable',
  'server_error',
]

// Refusals that pass by themselves: the same thing asked again later may well be granted.
const PASSING = new Set(['too_fast', 'unavailable', 'not_in_room'])

// An ack that says no to what was `asked`. `code` is for the program, `detail` for a person, `retryAfter` in milliseconds or
// undefined.
export class Refusal extends Error {
  constructor({ code, rule, detail, free = [], retry_after_ms: retryAfter }, asked = {}) {
    super(detail)
    Object.assign(this, { code, rule, detail, free, asked, retryAfter, passing: PASSING.has(code) })
  }
}

// No ack came: the link broke or the server took too long. What was asked may or may not have happened.
export class NoAnswer extends Error {}
