-- Takes away notes of relays that are done, and gives others more time, each only if nobody has noted it anew since.
-- KEYS: owed. ARGV: how many are done, more time (ms), then pairs of name and when it is owed, those that are done first.
-- Returns when those that were given more time are owed now.
local time = redis.call('TIME')
local later = string.format('%.0f', time[1] * 1000000 + time[2] + ARGV[2] * 1000)
for i = 3, #ARGV, 2 do
  local at = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if at and tonumber(at) == tonumber(ARGV[i + 1]) then
    if i < 3 + 2 * ARGV[1] then redis.call('ZREM', KEYS[1], ARGV[i]) else redis.call('ZADD', KEYS[1], later, ARGV[i]) end
  end
end
return later
