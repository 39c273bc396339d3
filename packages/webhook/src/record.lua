-- Writes down what came of a delivery, and decides what the tenant is to be told of its endpoint. For scripts that settle.
-- keys: how many of KEYS are its own. now: Redis' clock (ms). settled: whether the entry was still there to be settled. opened: whether the breaker has just opened.
-- KEYS from k on: successes, delivered, alert, deliveries, delivery, dead letters, dead letter, and the replay if it is of one.
-- ARGV from a on: 0 outcome 'first' (delivered at once) | 'delivered' | 'retrying' | 'dead' | 'skipped',
--   1 the attempt 'ok' | 'failed' | 'none', 2 instance whose recovery counts, empty if it counts for nothing, 3 event id,
--   4 the sequence's bit in `delivered`, 5 its lifetime (ms), 6 record of a delivery, 7 most of them in its list.
--   Unless 'first': 8 lifetime of deliveries (ms), 9 prefix of their keys, 10 JSON of a dead letter, 11 its lifetime (ms),
--   12 most dead letters, 13 prefix of their keys, 14 failed attempts of this round, 15 number of them that is told,
--   16 pause between two such tellings (ms), 17 failing for so long switches the endpoint off (ms), 18 lifetime of alert (ms),
--   19 '1' if nothing of this event is told.
-- Returns the fields of `alert` if there is something to tell in it.
local function record(k, a, now, settled, opened, keys)
  local alert = KEYS[k + 2]
  local outcome, attempt, instance, id = ARGV[a], ARGV[a + 1], ARGV[a + 2], ARGV[a + 3]

  -- Keeps a list of the newest within its bound; what falls out takes its record with it.
  local function remember(list, key, prefix, json, lifetime, most)
    redis.call('SET', key, json, 'PX', lifetime)
    redis.call('ZADD', list, now, id)
    redis.call('PEXPIRE', list, lifetime)
    local beyond = redis.call('ZRANGE', list, 0, -(most + 1))
    for i = 1, #beyond do
      redis.call('ZREM', list, beyond[i])
      redis.call('DEL', prefix .. beyond[i])
    end
  end

  -- Also what another worker has settled: it was delivered.
  if attempt == 'ok' then
    redis.call('SETBIT', KEYS[k + 1], ARGV[a + 4], 1)
    redis.call('PEXPIRE', KEYS[k + 1], ARGV[a + 5])
  end

  if settled and outcome == 'first' then
    redis.call('XADD', KEYS[k], 'MAXLEN', '~', ARGV[a + 7], '*', 'd', ARGV[a + 6])
  elseif settled and outcome == 'skipped' then
    redis.call('ZREM', KEYS[k + 3], id)
    redis.call('DEL', KEYS[k + 4])
  elseif settled then
    remember(KEYS[k + 3], KEYS[k + 4], ARGV[a + 9], ARGV[a + 6], ARGV[a + 8], tonumber(ARGV[a + 7]))
    if outcome == 'dead' then
      remember(KEYS[k + 5], KEYS[k + 6], ARGV[a + 13], ARGV[a + 10], ARGV[a + 11], tonumber(ARGV[a + 12]))
    elseif outcome == 'delivered' then
      -- One that was a dead letter and came by a replay is none any more.
      redis.call('ZREM', KEYS[k + 5], id)
      redis.call('DEL', KEYS[k + 6])
    end
  end
  -- One that went with its endpoint does not come back.
  if settled and keys > 7 and outcome ~= 'retrying' and redis.call('EXISTS', KEYS[k + 7]) == 1 then
    redis.call('HINCRBY', KEYS[k + 7], outcome, 1)
  end

  if attempt == 'ok' then
    if redis.call('EXISTS', alert) == 0 then return {} end
    redis.call('HDEL', alert, 'since', 'last')
    local failing = redis.call('HMGET', alert, 'failing', 'by')
    if failing[1] and (failing[2] == '*' or failing[2] == instance) then
      redis.call('HDEL', alert, 'failing', 'by')
      redis.call('HSET', alert, 'tell:recovered', failing[1])
    end
  elseif attempt == 'failed' then
    local span = tonumber(ARGV[a + 17])
    local first = redis.call('HMGET', alert, 'since', 'last')
    -- What failed once, long ago, and was not used since does not add up with today's failure.
    local since = first[1]
    if not since or now - tonumber(first[2]) > span / 2 then since = now end
    redis.call('HSET', alert, 'since', since, 'last', now)
    if now - tonumber(since) >= span then redis.call('HSET', alert, 'tell:disabled', since) end

    local state = redis.call('HMGET', alert, 'failing', 'quiet')
    local often = instance ~= '' and ARGV[a + 14] == ARGV[a + 15] and now >= tonumber(state[2] or '0')
    if opened then
      redis.call('HSET', alert, 'by', '*')
      if not state[1] then redis.call('HSET', alert, 'failing', now, 'tell:failing', now) end
    elseif often and not state[1] then
      redis.call('HSET', alert, 'failing', now, 'by', instance, 'tell:failing', now, 'quiet', now + ARGV[a + 16])
    end
  end

  if settled and outcome == 'dead' and ARGV[a + 19] ~= '1' then
    if now >= tonumber(redis.call('HGET', alert, 'dead-quiet') or '0') then
      redis.call('HSET', alert, 'tell:dead-letter', now, 'dead-quiet', now + ARGV[a + 16])
    end
  end
  local fields = redis.call('HGETALL', alert)
  if outcome ~= 'first' and #fields > 0 then redis.call('PEXPIRE', alert, ARGV[a + 18]) end
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, 5) == 'tell:' then return fields end
  end
  return {}
end
