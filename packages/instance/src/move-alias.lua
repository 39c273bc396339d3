-- Gives an alias to an instance, or takes it away, if it is whose it is thought to be. KEYS: the tenant's aliases.
-- ARGV: alias, whose it is now ('' for nobody's), whose it becomes ('' for nobody's). Returns whose it is afterwards.
local holder = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if holder ~= ARGV[2] then
  return holder
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return ARGV[3]
