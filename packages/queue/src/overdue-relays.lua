-- Notes anew what has been owed for too long: whoever took it counts as dead.
-- KEYS: news, owed. ARGV: how long whoever takes it may take (ms), how many at most. Returns how many there were.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local names = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[2])
for i = 1, #names do
  -- One that still waits keeps its place; the note is good for it.
  local at = redis.call('ZSCORE', KEYS[1], names[i]) or string.format('%.0f', now)
  redis.call('ZADD', KEYS[1], 'NX', at, names[i])
  redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[1] * 1000), names[i])
end
return #names
