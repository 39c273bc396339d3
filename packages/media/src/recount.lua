-- Replaces what a tenant's files are believed to take by what was counted, and adds what has changed while counting.
-- KEYS: usage. ARGV: tenant, bytes counted, bytes believed when counting began, time (Unix ms).
local believed = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
local used = math.max(0, tonumber(ARGV[2]) + believed - tonumber(ARGV[3]))
if used == 0 then
  redis.call('HDEL', KEYS[1], ARGV[1], ARGV[1] .. ':counted')
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', used), ARGV[1] .. ':counted', ARGV[4])
end
return 1
