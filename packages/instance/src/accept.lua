-- Accepts a command once. KEYS: journal. ARGV: message id, command, recipient, fingerprint, how long it may wait (ms), how
-- long the journal is kept beyond that (ms). Returns outcome, message id, status, time of acceptance, deadline.
-- The message id follows from the idempotency key, so the journal itself tells a repetition from another request.
local held = redis.call('HMGET', KEYS[1], 'status', 'at:queued', 'expiresAt', 'fingerprint')
if held[1] then
  local outcome = held[4] == ARGV[4] and 'replayed' or 'conflict'
  return {outcome, ARGV[1], held[1], held[2], held[3]}
end
-- By this clock, which all workers go by, too.
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
local expiresAt = string.format('%d', now + ARGV[5])
redis.call('HSET', KEYS[1], 'status', 'queued', 'at:queued', now, 'command', ARGV[2], 'to', ARGV[3],
  'expiresAt', expiresAt, 'fingerprint', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5] + ARGV[6])
return {'accepted', ARGV[1], 'queued', now, expiresAt}
