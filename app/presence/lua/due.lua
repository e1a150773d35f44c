-- this process, ms for which whoever is given a room has it alone, how many at most
-- → {room, the mark to settle it with, …}, {dead process, its rooms}
local process, alone, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local given, dead, left = {}, '', {}
for _, room in ipairs(redis.call('ZRANGE', ROOMS, '-inf', NOW, 'BYSCORE', 'LIMIT', 0, most)) do
  redis.call('ZADD', ROOMS, NOW + alone, room)
  given[#given + 1] = room
  given[#given + 1] = tostring(NOW + alone)
end
for _, each in ipairs(redis.call('ZRANGE', PROCESSES, '-inf', NOW, 'BYSCORE', 'LIMIT', 0, 10)) do
  if each ~= process and dead == '' then
    left = redis.call('SRANDMEMBER', KEYS[2] .. ':' .. each, most)
    if #left == 0 then
      redis.call('ZREM', PROCESSES, each)
    else
      dead = each
    end
  end
end
return {given, dead, left}
