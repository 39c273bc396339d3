-- Takes away turns that were owed and have been taken care of, unless they have been noted anew meanwhile.
-- KEYS: owed turns. ARGV: how many are returned at most, then the names of those that were taken care of.
-- Returns the names of further ones that are owed, those first that have been for longest.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 2, #ARGV do
  if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i]) or now + 1) <= now then redis.call('ZREM', KEYS[1], ARGV[i]) end
end
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
