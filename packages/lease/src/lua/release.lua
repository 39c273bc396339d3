-- Gives an instance away. The epoch stays: the next claim raises it.
-- KEYS[1] ownership  ARGV owner, epoch
-- Returns 1, or 0 when it was not (or no longer) this owner's in this epoch.
local held = redis.call('HMGET', KEYS[1], 'owner', 'epoch')
if not held[1] or held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then
  return 0
end
redis.call('HSET', KEYS[1], 'owner', '')
return 1
