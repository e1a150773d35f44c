#!lua flags=allow-cross-slot-keys
-- seconds → nothing. So much time passes: all that was written becomes so much older.
local ms = tonumber(ARGV[1]) * 1000
local DROPPED_AT = 5
for _, key in ipairs(redis.call('KEYS', 'chat:{*')) do
  if redis.call('TYPE', key).ok == 'zset' then
    for _, member in ipairs(redis.call('ZRANGE', key, 0, -1)) do
      redis.call('ZINCRBY', key, -ms, member)
    end
  elseif string.match(key, ':seats$') then
    local seats = redis.call('HGETALL', key)
    for at = 1, #seats, 2 do
      local seat = cmsgpack.unpack(seats[at + 1])
      seat[DROPPED_AT] = seat[DROPPED_AT] - ms
      redis.call('HSET', key, seats[at], cmsgpack.pack(seat))
    end
  end
end
