-- A token bucket for the whole fleet. KEYS: bucket. ARGV: tokens per second, size of the bucket.
-- Takes one token and returns how many ms the caller has to wait for it (0: go ahead).
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local rate = tonumber(ARGV[1]) / 1000
local size = tonumber(ARGV[2])
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(held[1]) or size
local at = tonumber(held[2]) or now
tokens = math.min(size, tokens + (now - at) * rate) - 1
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
redis.call('PEXPIRE', KEYS[1], 600000)
if tokens >= 0 then return 0 end
return math.ceil(-tokens / rate)
