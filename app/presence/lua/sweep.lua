-- dead process or nothing, grace, lease, how many at most → ok, and when something is next to be done
local dead, grace, lease, most = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])

if dead ~= '' then
  for _, host in ipairs(redis.call('SMEMBERS', HOSTS)) do
    if starts_with(host, dead .. '.') then
      redis.call('SREM', HOSTS, host)
    end
  end
  local seats = redis.call('HGETALL', SEATS)
  for at = 1, #seats, 2 do
    local member, seat = seats[at], cmsgpack.unpack(seats[at + 1])
    local kept = without(seat[CONNECTIONS], function(held) return starts_with(held, dead .. '.') end)
    if #kept < #seat[CONNECTIONS] then
      seat[CONNECTIONS] = kept
      if #kept == 0 then
        -- As if they had dropped now: whoever was taken for dead and is not has the grace to say so.
        linger(member, seat, NOW, grace)
      else
        write(member, seat)
      end
    end
  end
end

for _ = 1, 2 do
  for _, member in ipairs(redis.call('ZRANGE', DUE, '-inf', NOW, 'BYSCORE', 'LIMIT', 0, most)) do
    local seat = read(member)
    if NOW >= seat[DROPPED_AT] + lease and not seat[IS_SEEN] then
      remove(member, seat)
    else
      set_seen(seat, false)
      redis.call('ZADD', DUE, seat[DROPPED_AT] + lease, member)
      change(member, seat)
    end
  end
end
return answer('ok', tidy())
