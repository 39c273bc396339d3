-- Puts events into mailboxes; those that were put in before are skipped, so that relaying twice adds nothing. What would
-- exceed a bound stays in the event log: the instance is noted as behind, and gets nothing more until it was caught up with.
-- KEYS: mailbox, accepted, ready, backlog, behind, due, in flight, health.
-- ARGV: 1 instance, 2 '1' for a mailbox of each event's own, with its prefix in 3, 4 most events in a mailbox,
--   5 most in all, 6 '' | 'catch-up' | 'caught-up' (these events are the last that were missing),
--   then pairs of sequence and entry, oldest first.
-- Returns {how many were added, the last sequence that was put in, 1 if the instance is behind, 1 if nothing else waits or
--   is under way for the endpoint and none of its attempts failed lately}.
local time = redis.call('TIME')
local now = string.format('0:%d:', time[1] * 1000 + math.floor(time[2] / 1000))
local instance = ARGV[1]
local last = tonumber(redis.call('HGET', KEYS[2], instance) or '0')
local behind = redis.call('SISMEMBER', KEYS[5], instance) == 1
if behind and ARGV[6] == '' then return { 0, last, 1, 0 } end

local length = redis.call('LLEN', KEYS[1])
local wasEmpty = length == 0
local backlog = tonumber(redis.call('GET', KEYS[4]) or '0')
local isQuiet = wasEmpty and not behind and redis.call('EXISTS', KEYS[3], KEYS[6], KEYS[7], KEYS[8]) == 0
local added = 0
local isFull = false
for i = 7, #ARGV, 2 do
  local sequence = tonumber(ARGV[i])
  if sequence > last then
    if length >= tonumber(ARGV[4]) or backlog + added >= tonumber(ARGV[5]) then
      isFull = true
      break
    end
    if ARGV[2] == '1' then
      local name = ARGV[1] .. '~' .. ARGV[i]
      redis.call('RPUSH', ARGV[3] .. name, now .. ARGV[i + 1])
      redis.call('RPUSH', KEYS[3], name)
    else
      redis.call('RPUSH', KEYS[1], now .. ARGV[i + 1])
      length = length + 1
    end
    last = sequence
    added = added + 1
  end
end
if added > 0 then
  redis.call('HSET', KEYS[2], instance, last)
  redis.call('INCRBY', KEYS[4], added)
  if wasEmpty and ARGV[2] ~= '1' then redis.call('RPUSH', KEYS[3], ARGV[1]) end
end
if isFull then
  redis.call('SADD', KEYS[5], instance)
  behind = true
elseif behind and ARGV[6] == 'caught-up' then
  redis.call('SREM', KEYS[5], instance)
  behind = false
end
return { added, last, behind and 1 or 0, added > 0 and isQuiet and not behind and 1 or 0 }
