-- Ends a replay that is under way. KEYS: replay, mailbox, accepted, backlog.
-- ARGV: state, reason or empty, lifetime of the record (ms), mailbox, position at which nothing is left to be sent, empty if
--   what waits is to be dropped.
-- Returns 1 if it has ended now, 0 if there is something left, -1 if it was over.
local state = redis.call('HMGET', KEYS[1], 'state', 'position')
if state[1] ~= 'queued' and state[1] ~= 'running' then return -1 end
if ARGV[5] ~= '' and (state[2] ~= ARGV[5] or redis.call('LLEN', KEYS[2]) > 0) then return 0 end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'endedAt', time[1] * 1000 + math.floor(time[2] / 1000))
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'reason', ARGV[2]) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('DECRBY', KEYS[4], redis.call('LLEN', KEYS[2]))
redis.call('DEL', KEYS[2])
redis.call('HDEL', KEYS[3], ARGV[4])
return 1
