-- member, name, connection, capacity, key, … → ok, and the member as they were before
local member, name, connection, capacity = ARGV[4], ARGV[5], HOST .. '/' .. ARGV[6], tonumber(ARGV[7])
local keys = {unpack(ARGV, 8)}
if is_fenced() then
  return answer('fenced')
end
local seat = read(member)
local before = seen(member, seat, 0)
local is_new = not (seat and seat[IS_SEEN])
if not seat or #seat[CONNECTIONS] == 0 then
  if is_taken(member, keys) then
    return answer('taken')
  end
  if is_new and count() >= capacity then
    return answer('full')
  end
  seat = seat or new_seat()
  claim(member, seat, name, keys)
  set_seen(seat, true)
  redis.call('ZREM', DUE, member)
  seat[CONNECTIONS] = {connection}
  change(member, seat)
else
  seat[CONNECTIONS] = without(seat[CONNECTIONS], function(each) return each == connection end)
  table.insert(seat[CONNECTIONS], connection)
  write(member, seat)
end
return answer('ok', before)
