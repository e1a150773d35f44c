-- HOST is this process in this room from here on, and nothing it was before; what it says of its connections is so.
-- {its lives before, …}, grace, {{member, name, order, keys, connections}, …}, {who left meanwhile, …}
-- → ok, and version, born, every seat, and whose name is another's by now
local lives, grace = cmsgpack.unpack(ARGV[4]), tonumber(ARGV[5])
local own, left = cmsgpack.unpack(ARGV[6]), cmsgpack.unpack(ARGV[7])
local is_mine, has_left, taken = {}, {}, {}
if redis.call('HSETNX', ROOM, 'version', NOW) == 1 then
  redis.call('HSET', ROOM, 'born', NOW)
end

local function is_former(host)
  for _, life in ipairs(lives) do
    if starts_with(host, life .. '.') then
      return true
    end
  end
  return false
end

for _, host in ipairs(redis.call('SMEMBERS', HOSTS)) do
  if is_former(host) then
    redis.call('SREM', HOSTS, host)
  end
end
redis.call('SADD', HOSTS, HOST)

for _, each in ipairs(own) do
  local member, name, order, keys, connections = unpack(each)
  is_mine[member] = true
  local seat = read(member)
  if seat then
    local was_seen, was_here = seat[IS_SEEN], #seat[CONNECTIONS] > 0
    seat[CONNECTIONS] = without(seat[CONNECTIONS], is_former)
    for _, connection in ipairs(connections) do
      table.insert(seat[CONNECTIONS], connection)
    end
    set_seen(seat, true)
    redis.call('ZREM', DUE, member)
    if was_seen and was_here then
      write(member, seat)
    else
      change(member, seat)
    end
  elseif is_taken(member, keys) then
    taken[#taken + 1] = member
  else
    seat = new_seat()
    seat[ORDER] = order
    if order > tonumber(redis.call('HGET', ROOM, 'order')) then
      redis.call('HSET', ROOM, 'order', order)
    end
    claim(member, seat, name, keys)
    seat[CONNECTIONS] = connections
    set_seen(seat, true)
    change(member, seat)
  end
end

if #lives > 0 then
  for _, member in ipairs(left) do
    has_left[member] = true
  end
  local seats = redis.call('HGETALL', SEATS)
  for at = 1, #seats, 2 do
    local member, seat = seats[at], cmsgpack.unpack(seats[at + 1])
    local kept = without(seat[CONNECTIONS], is_former)
    if not is_mine[member] and #kept < #seat[CONNECTIONS] then
      seat[CONNECTIONS] = kept
      if #kept > 0 then
        write(member, seat)
      elseif has_left[member] then
        remove(member, seat)
      else
        linger(member, seat, NOW, grace)
      end
    end
  end
end
local about = redis.call('HMGET', ROOM, 'version', 'born')
return answer('ok', tonumber(about[1]), tonumber(about[2]), redis.call('HGETALL', SEATS), taken)
