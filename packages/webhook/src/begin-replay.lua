-- Begins a replay, unless another one to the same endpoint is under way. KEYS: replays, replay.
-- ARGV: id, now (ms), prefix of replays' keys, how many are remembered, then pairs of field and value.
-- Returns the id of the one that is under way, or '' if this one was begun.
local newest = redis.call('ZRANGE', KEYS[1], 0, 0, 'REV')[1]
if newest then
  local state = redis.call('HGET', ARGV[3] .. newest, 'state')
  if state == 'queued' or state == 'running' then return newest end
end
redis.call('HSET', KEYS[2], 'state', 'queued', unpack(ARGV, 5))
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
local beyond = redis.call('ZRANGE', KEYS[1], 0, -(tonumber(ARGV[4]) + 1))
for i = 1, #beyond do
  redis.call('ZREM', KEYS[1], beyond[i])
  redis.call('DEL', ARGV[3] .. beyond[i])
end
return ''
