-- member, connection → ok; the member before, when it was their last connection
local member, connection = ARGV[4], HOST .. '/' .. ARGV[5]
if is_fenced() then
  return answer('fenced')
end
local seat = read(member)
if not seat then
  return answer('ok')
end
local before = seen(member, seat)
seat[CONNECTIONS] = without(seat[CONNECTIONS], function(each) return each == connection end)
if #seat[CONNECTIONS] == 0 then
  remove(member, seat)
  return answer('ok', before)
end
write(member, seat)
return answer('ok')
