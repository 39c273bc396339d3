-- Replaces an endpoint's record if nobody has changed it meanwhile. KEYS: endpoints. ARGV: id, JSON as read, new JSON.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
