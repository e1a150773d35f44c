-- member, name, key, … → ok, and the member as they were before
local member, name = ARGV[4], ARGV[5]
local keys = {unpack(ARGV, 6)}
if is_fenced() then
  return answer('fenced')
end
local seat = read(member)
if not seat or #seat[CONNECTIONS] == 0 then
  return answer('absent')
end
local before = seen(member, seat)
if is_taken(member, keys) then
  return answer('taken')
end
claim(member, seat, name, keys)
change(member, seat)
return answer('ok', before)
