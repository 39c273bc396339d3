-- Takes an instance over from the owner and epoch that the caller saw. Raising the epoch shuts out every earlier owner.
-- KEYS[1] ownership  ARGV new owner, expected owner ('' for none), expected epoch (0 for none)
-- Returns { 1, owner, new epoch }, or { 0, owner, epoch } as they are.
local held = redis.call('HMGET', KEYS[1], 'owner', 'epoch')
local owner, epoch = held[1] or '', held[2] or '0'
if owner ~= ARGV[2] or epoch ~= ARGV[3] then
  return { 0, owner, epoch }
end
redis.call('HSET', KEYS[1], 'owner', ARGV[1])
return { 1, ARGV[1], redis.call('HINCRBY', KEYS[1], 'epoch', 1) }
