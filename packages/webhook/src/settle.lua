-- Writes down what became of the head of a mailbox, frees the place in flight, and keeps the breaker.
-- KEYS: mailbox, in flight, health, deliveries, delivery, dead letters, dead letter.
-- ARGV: 1 place, 2 entry that was tried, 3 'delivered' | 'retry' | 'dead' | 'skipped', 4 result of the attempt 'ok' | 'failed' | 'none',
--   5 JSON of the entry, 6 wait before the next attempt (ms), 7 event id,
--   8 delivery JSON, 9 its lifetime (ms), 10 most deliveries, 11 prefix of delivery keys,
--   12 dead letter JSON, 13 its lifetime (ms), 14 most dead letters, 15 prefix of dead letter keys,
--   16 failures that open the breaker, 17 first opening (ms), 18 longest opening (ms), 19 lifetime of health (ms).
-- Returns {1 if the head was still the one that was tried, 1 if the breaker opened}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREM', KEYS[2], ARGV[1])

local opened = 0
if ARGV[4] == 'ok' then
  redis.call('DEL', KEYS[3])
elseif ARGV[4] == 'failed' then
  local state = redis.call('HGET', KEYS[3], 'state') or 'closed'
  local failures = redis.call('HINCRBY', KEYS[3], 'failures', 1)
  if state == 'half-open' or (state == 'closed' and failures >= tonumber(ARGV[16])) then
    local openings = redis.call('HINCRBY', KEYS[3], 'openings', 1)
    local span = math.min(ARGV[17] * 2 ^ math.min(openings - 1, 20), tonumber(ARGV[18]))
    redis.call('HSET', KEYS[3], 'state', 'open', 'until', string.format('%d', now + span))
    opened = 1
  end
  redis.call('PEXPIRE', KEYS[3], ARGV[19])
end

-- Nothing was tried: if this was to be the probe of an open breaker, the next entry is.
if ARGV[3] == 'skipped' and redis.call('HGET', KEYS[3], 'state') == 'half-open' then
  redis.call('HSET', KEYS[3], 'until', now)
end

local head = redis.call('LINDEX', KEYS[1], 0)
if head ~= ARGV[2] then return {0, opened} end
if ARGV[3] == 'skipped' then
  redis.call('LPOP', KEYS[1])
  redis.call('ZREM', KEYS[4], ARGV[7])
  redis.call('DEL', KEYS[5])
  return {1, opened}
end

-- Keeps a list of the newest within its bound; what falls out takes its record with it.
local function remember(list, record, prefix, json, lifetime, most)
  redis.call('SET', record, json, 'PX', lifetime)
  redis.call('ZADD', list, now, ARGV[7])
  redis.call('PEXPIRE', list, lifetime)
  local beyond = redis.call('ZRANGE', list, 0, -(most + 1))
  for i = 1, #beyond do
    redis.call('ZREM', list, beyond[i])
    redis.call('DEL', prefix .. beyond[i])
  end
end

if ARGV[3] == 'retry' then
  local accepted = string.match(head, '^%d+:(%d+):')
  redis.call('LSET', KEYS[1], 0, string.format('%d:', now + ARGV[6]) .. accepted .. ':' .. ARGV[5])
else
  redis.call('LPOP', KEYS[1])
end
remember(KEYS[4], KEYS[5], ARGV[11], ARGV[8], ARGV[9], tonumber(ARGV[10]))
if ARGV[3] == 'dead' then remember(KEYS[6], KEYS[7], ARGV[15], ARGV[12], ARGV[13], tonumber(ARGV[14])) end
return {1, opened}
