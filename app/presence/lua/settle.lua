-- room, its mark, when to look next: inf for never, nothing when there is nothing left
local room, mark, next_at = ARGV[1], ARGV[2], ARGV[3]
local at = redis.call('ZSCORE', ROOMS, room)
if not at or tonumber(at) ~= tonumber(mark) then
  return 0
end
if next_at == '' then
  return redis.call('ZREM', ROOMS, room)
end
return redis.call('ZADD', ROOMS, next_at, room)
