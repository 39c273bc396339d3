-- Accepts a command once. KEYS: journal, idempotency key. ARGV: 'keyed' or '', message id, command, recipient,
-- fingerprint, now, expiresAt, ttl of the journal (ms), ttl of the idempotency key (ms).
-- Returns outcome, message id, status, time of acceptance, deadline.
if ARGV[1] == 'keyed' then
  local known = redis.call('GET', KEYS[2])
  if known and known ~= ARGV[5] then
    return {'conflict', ARGV[2], 'queued', ARGV[6], ARGV[7]}
  end
  if not known then redis.call('SET', KEYS[2], ARGV[5], 'PX', ARGV[9]) end
end
local held = redis.call('HMGET', KEYS[1], 'status', 'at:queued', 'expiresAt')
if held[1] then
  return {'replayed', ARGV[2], held[1], held[2], held[3]}
end
redis.call('HSET', KEYS[1], 'status', 'queued', 'at:queued', ARGV[6], 'command', ARGV[3], 'to', ARGV[4], 'expiresAt', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[8])
return {'accepted', ARGV[2], 'queued', ARGV[6], ARGV[7]}
