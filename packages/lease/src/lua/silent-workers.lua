-- Which workers have not renewed for a while, by the clock of the node that keeps the list.
-- KEYS[1] list of workers  ARGV silence (ms)
-- Returns how many are listed, then the silent ones.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return { redis.call('ZCARD', KEYS[1]), redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1]) }
