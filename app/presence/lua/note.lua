-- room, in how many ms it should be looked after. One earlier than it says already, at the latest: so whoever looks
-- after it just now sees that this came between.
local room, due = ARGV[1], NOW + ARGV[2]
local at = tonumber(redis.call('ZSCORE', ROOMS, room) or 'inf')
if at <= due then
  due = at - 1
end
redis.call('ZADD', ROOMS, due, room)
return due
