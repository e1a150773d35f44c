-- member, connection, grace, how long ago → ok
local member, connection = ARGV[4], HOST .. '/' .. ARGV[5]
local grace, ago = tonumber(ARGV[6]), tonumber(ARGV[7])
if is_fenced() then
  return answer('fenced')
end
local seat = read(member)
if seat and #seat[CONNECTIONS] > 0 then
  seat[CONNECTIONS] = without(seat[CONNECTIONS], function(each) return each == connection end)
  if #seat[CONNECTIONS] == 0 then
    linger(member, seat, NOW - ago, grace)
  else
    write(member, seat)
  end
end
return answer('ok')
