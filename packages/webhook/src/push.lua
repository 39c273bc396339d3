-- Puts events into a mailbox; those it has already had are skipped, so that relaying twice adds nothing.
-- KEYS: mailbox, accepted. ARGV: instance, then pairs of sequence and entry, oldest first.
-- Returns how many were added.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or '0')
local added = 0
for i = 2, #ARGV, 2 do
  local sequence = tonumber(ARGV[i])
  if sequence > last then
    redis.call('RPUSH', KEYS[1], string.format('%d:%d:', 0, now) .. ARGV[i + 1])
    last = sequence
    added = added + 1
  end
end
if added > 0 then redis.call('HSET', KEYS[2], ARGV[1], last) end
return added
