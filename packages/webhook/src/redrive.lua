-- Moves a dead letter back to the tail of its mailbox, once.
-- KEYS: dead letters, dead letter, mailbox, deliveries, delivery.
-- ARGV: event id, dead letter as it was read, entry JSON, delivery JSON, lifetime of the delivery (ms).
-- Returns 1, or 0 if the dead letter is not there any more.
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('RPUSH', KEYS[3], string.format('%d:%d:', 0, now) .. ARGV[3])
redis.call('SET', KEYS[5], ARGV[4], 'PX', ARGV[5])
redis.call('ZADD', KEYS[4], now, ARGV[1])
redis.call('PEXPIRE', KEYS[4], ARGV[5])
return 1
