-- Moves a lease's expiry. An expired lease may be renewed as long as nobody declared it dead: until then nobody took over.
-- KEYS[1] lease  ARGV ttl (ms), load, draining
-- Returns Redis' time (ms), or false when the incarnation is missing or was declared dead.
local lease = redis.call('HMGET', KEYS[1], 'exp', 'dead')
if not lease[1] or lease[2] then
  return false
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'exp', now + ARGV[1], 'load', ARGV[2], 'draining', ARGV[3])
return now
