-- Who is kept out of a room, and until when. Times in ms; who has waited long enough is dropped.
-- who, for how long, or nothing → who, how long yet, …
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
if ARGV[1] then
  redis.call('ZADD', KEYS[1], 'GT', string.format('%.0f', now + ARGV[2]), ARGV[1])
  redis.call('PEXPIREAT', KEYS[1], redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2])
end
local kept = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for at = 2, #kept, 2 do
  kept[at] = string.format('%.0f', kept[at] - now)
end
return kept
