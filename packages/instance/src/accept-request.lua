-- Notes that a request to the open connection was made. KEYS: the request. ARGV: fingerprint, how long whoever asks
-- waits (ms), how long it is kept (ms). Returns 'accepted', 'known', or 'conflict' for another request's id.
local known = redis.call('HMGET', KEYS[1], 'fingerprint', 'status')
if known[1] and known[1] ~= ARGV[1] then
  return 'conflict'
end
if known[2] ~= 'done' and known[2] ~= 'failed' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'expiresAt', string.format('%d', now + ARGV[2]))
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return known[1] and 'known' or 'accepted'
