-- Looks at the head of a mailbox and, if it may be tried now, reserves one of the endpoint's places in flight.
-- An entry is '<not before, ms>:<accepted, ms>:<JSON>'. The entry stays where it is until it is settled.
-- KEYS: mailbox, in flight, health.
-- ARGV: instance, token, validity of a place (ms), places, lifetime of an entry (ms), longest probe (ms).
-- Returns {'empty'} | {'later' | 'busy' | 'full' | 'open', wait (ms)} | {'expired', entry} | {'head', entry, 'closed' | 'half-open'}.
local head = redis.call('LINDEX', KEYS[1], 0)
if not head then return {'empty'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due, accepted = string.match(head, '^(%d+):(%d+):')
due, accepted = tonumber(due), tonumber(accepted)
if due > now then return {'later', due - now} end

-- One try per mailbox at a time, whoever makes it: a worker that lost its job without noticing may still be at it.
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
local mine = ARGV[1] .. ':'
local places = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
for i = 1, #places, 2 do
  if string.sub(places[i], 1, #mine) == mine then return {'busy', places[i + 1] - now} end
end

local health = redis.call('HMGET', KEYS[3], 'state', 'until')
local state = health[1] or 'closed'
local shut = tonumber(health[2] or '0')
if state ~= 'closed' and shut > now then
  if now - accepted > tonumber(ARGV[5]) then return {'expired', head} end
  return {'open', shut - now}
end
if #places / 2 >= tonumber(ARGV[4]) then return {'full'} end
if state ~= 'closed' then
  -- The time of being open is over (or the last probe's worker died): this entry is the probe.
  redis.call('HSET', KEYS[3], 'state', 'half-open', 'until', now + ARGV[6])
  state = 'half-open'
end
redis.call('ZADD', KEYS[2], now + ARGV[3], mine .. ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3] * 2)
return {'head', head, state}
