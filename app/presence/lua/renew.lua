-- this process, ms → 1; 0 when it was taken for dead before: it must begin again under another name
local process, lease = ARGV[1], tonumber(ARGV[2])
local until_ms = redis.call('ZSCORE', PROCESSES, process)
if until_ms and tonumber(until_ms) < NOW then
  return 0
end
redis.call('ZADD', PROCESSES, NOW + lease, process)
return 1
