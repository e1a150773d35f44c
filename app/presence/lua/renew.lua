-- this process, ms → 1; 0 when somebody has taken it for dead: it must begin anew under another name
local process, lease = ARGV[1], tonumber(ARGV[2])
if tonumber(redis.call('ZSCORE', PROCESSES, process) or 1) <= 0 then
  return 0
end
redis.call('ZADD', PROCESSES, NOW + lease, process)
return 1
