-- What an instance's lane is at. KEYS: active. ARGV: what the key of a hash begins with that belongs to each job, or ''.
-- Returns how many jobs are marked as taken, the id of the one taken last ('' if none is), and all of its hash.
local newest = redis.call('LINDEX', KEYS[1], 0)
if not newest then
  return { 0, '', {} }
end
return { redis.call('LLEN', KEYS[1]), newest, ARGV[1] ~= '' and redis.call('HGETALL', ARGV[1] .. newest) or {} }
