-- this process, ms for which whoever is given a room has it alone, how many at most
-- → {room, the mark to settle it with, …}, a dead process or nothing, rooms of its
local process, alone, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local given, dead, left = {}, '', {}
for _, room in ipairs(redis.call('ZRANGE', ROOMS, '-inf', NOW, 'BYSCORE', 'LIMIT', 0, most)) do
  redis.call('ZADD', ROOMS, NOW + alone, room)
  given[#given + 1] = room
  given[#given + 1] = tostring(NOW + alone)
end
local ended = redis.call('ZRANGE', PROCESSES, '-inf', NOW, 'BYSCORE', 'WITHSCORES')
for at = 1, #ended, 2 do
  local each, score = ended[at], tonumber(ended[at + 1])
  local rooms = PROCESSES .. ':' .. each
  if each == process or dead ~= '' then
    -- Nobody is dead to themselves, and one at a time is enough.
  elseif redis.call('EXISTS', rooms) == 1 then
    dead, left = each, redis.call('SRANDMEMBER', rooms, most)
    if score > 0 then
      redis.call('ZADD', PROCESSES, -NOW, each)
    end
  elseif score >= 0 or NOW + score > REMEMBERED then
    redis.call('ZREM', PROCESSES, each)
  end
end
return {given, dead, left}
