-- Accepts a command once. KEYS: journal. ARGV: message id, command, recipient, fingerprint, now, expiresAt, ttl of the
-- journal (ms). Returns outcome, message id, status, time of acceptance, deadline.
-- The message id follows from the idempotency key, so the journal itself tells a repetition from another request.
local held = redis.call('HMGET', KEYS[1], 'status', 'at:queued', 'expiresAt', 'fingerprint')
if held[1] then
  local outcome = held[4] == ARGV[4] and 'replayed' or 'conflict'
  return {outcome, ARGV[1], held[1], held[2], held[3]}
end
redis.call('HSET', KEYS[1], 'status', 'queued', 'at:queued', ARGV[5], 'command', ARGV[2], 'to', ARGV[3],
  'expiresAt', ARGV[6], 'fingerprint', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[7])
return {'accepted', ARGV[1], 'queued', ARGV[5], ARGV[6]}
