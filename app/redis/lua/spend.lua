-- What was spent in one process, added to what was spent in all, for each of KEYS. Times in µs.
-- over how long, the longest anybody may have to earn back, what was spent, … → how long until all is earned again, …
local since, most = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local answer = {}
for at, key in ipairs(KEYS) do
  local settled = math.max(tonumber(redis.call('GET', key) or 0), now - since) + tonumber(ARGV[2 + at])
  local left = math.min(settled - now, most)
  if left > 0 then
    redis.call('SET', key, string.format('%.0f', now + left), 'PX', math.ceil(left / 1000))
  end
  answer[at] = left
end
return answer
