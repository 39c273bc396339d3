-- Adds to what a tenant's files take, unless that would be more than it may have.
-- KEYS: usage. ARGV: tenant, bytes (negative when files go), limit (0: none).
-- Returns 1, or 0 if there is no room.
local used = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
local bytes = tonumber(ARGV[2])
local limit = tonumber(ARGV[3])
if bytes > 0 and limit > 0 and used + bytes > limit then
  return 0
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', math.max(0, used + bytes)))
return 1
