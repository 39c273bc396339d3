-- Creates a worker's lease. An incarnation registers once in its life: whatever exists already, a tombstone too, refuses.
-- KEYS[1] lease  ARGV ttl (ms), address, capacity
-- Returns Redis' time (ms), or false when refused.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return false
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'exp', now + ARGV[1], 'address', ARGV[2], 'capacity', ARGV[3],
  'startedAt', now, 'load', 0, 'draining', 0)
return now
