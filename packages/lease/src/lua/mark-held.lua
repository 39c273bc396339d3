-- Notes instances that a worker is about to claim. A dead worker notes nothing: its list may have been taken over already.
-- KEYS[1] lease, KEYS[2] its instances  ARGV instances
-- Returns 1, or false when the incarnation is missing or was declared dead.
local lease = redis.call('HMGET', KEYS[1], 'exp', 'dead')
if not lease[1] or lease[2] then
  return false
end
redis.call('SADD', KEYS[2], unpack(ARGV))
return 1
