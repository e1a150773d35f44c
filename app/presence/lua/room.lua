-- What every script of a room begins with. A seat is one member in one room:
--   {name, order, is_seen, version, dropped_at, keys, connections}
-- Its name is held while there is a seat; `dropped_at` means something only without connections. Times in ms.
local SEATS, OWNERS, HOSTS, DUE, ROOM = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local CHANNEL, PROCESS, HOST = ARGV[1], ARGV[2], ARGV[3]
local NAME, ORDER, IS_SEEN, VERSION, DROPPED_AT, NAME_KEYS, CONNECTIONS = 1, 2, 3, 4, 5, 6, 7
local NOBODY = ''
local time = redis.call('TIME')
local NOW = time[1] * 1000 + math.floor(time[2] / 1000)
local changes = {}

local function read(member)
  local packed = redis.call('HGET', SEATS, member)
  return packed and cmsgpack.unpack(packed)
end

local function write(member, seat)
  redis.call('HSET', SEATS, member, cmsgpack.pack(seat))
end

-- A member as others see them; without a seat they have no name.
local function seen(member, seat, version)
  if not seat then
    return cmsgpack.pack({version, PROCESS, member, NOBODY, 0, false, false})
  end
  return cmsgpack.pack({seat[VERSION], PROCESS, member, seat[NAME], seat[ORDER], seat[IS_SEEN], #seat[CONNECTIONS] > 0})
end

-- Write the seat, or none, and tell everybody: they must see each version once.
local function change(member, seat)
  local version = redis.call('HINCRBY', ROOM, 'version', 1)
  if seat then
    seat[VERSION] = version
    write(member, seat)
  end
  local told = seen(member, seat, version)
  redis.call('SPUBLISH', CHANNEL, told)
  changes[#changes + 1] = told
end

-- This process was taken for dead here, or has begun anew since it said this.
local function is_fenced()
  return redis.call('SISMEMBER', HOSTS, HOST) == 0
end

local function count()
  return tonumber(redis.call('HGET', ROOM, 'seen') or 0)
end

local function set_seen(seat, is_seen)
  if seat[IS_SEEN] ~= is_seen then
    seat[IS_SEEN] = is_seen
    redis.call('HINCRBY', ROOM, 'seen', is_seen and 1 or -1)
  end
end

local function is_taken(member, keys)
  for _, key in ipairs(keys) do
    local owner = redis.call('HGET', OWNERS, key)
    if owner and owner ~= member then
      return true
    end
  end
  return false
end

local function let_go(seat)
  for _, key in ipairs(seat[NAME_KEYS]) do
    redis.call('HDEL', OWNERS, key)
  end
end

local function claim(member, seat, name, keys)
  let_go(seat)
  seat[NAME], seat[NAME_KEYS] = name, keys
  for _, key in ipairs(keys) do
    redis.call('HSET', OWNERS, key, member)
  end
end

local function new_seat()
  return {NOBODY, redis.call('HINCRBY', ROOM, 'order', 1), false, 0, 0, {}, {}}
end

local function remove(member, seat)
  set_seen(seat, false)
  let_go(seat)
  redis.call('HDEL', SEATS, member)
  redis.call('ZREM', DUE, member)
  change(member, nil)
end

-- No connection is left: others are told when the grace has ended, and the name is free when the lease has.
local function linger(member, seat, dropped_at, grace)
  seat[DROPPED_AT] = dropped_at
  redis.call('ZADD', DUE, dropped_at + grace, member)
  change(member, seat)
end

local function without(connections, is_unwanted)
  local kept = {}
  for _, connection in ipairs(connections) do
    if not is_unwanted(connection) then
      kept[#kept + 1] = connection
    end
  end
  return kept
end

local function starts_with(text, start)
  return string.sub(text, 1, #start) == start
end

-- A room that nobody holds a name in, and no process hosts, leaves nothing. Else: when something is next to be done.
local function tidy()
  if redis.call('EXISTS', SEATS) == 1 then
    local first = redis.call('ZRANGE', DUE, 0, 0, 'WITHSCORES')
    return first[2] or 'inf'
  end
  if redis.call('EXISTS', HOSTS) == 1 then
    return 'inf'
  end
  redis.call('DEL', OWNERS, DUE, ROOM)
  return ''
end

local function answer(status, ...)
  return {status, {...}, changes}
end
