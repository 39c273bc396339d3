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
local wait = math.max(0, math.ceil(-tokens / rate))
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', now)
-- Not before all that wait have had their turn: a bucket that is missing is a full one.
redis.call('PEXPIRE', KEYS[1], wait + 600000)
return wait
