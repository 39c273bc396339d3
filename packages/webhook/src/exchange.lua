-- One round trip for all that a worker has to tell of an endpoint and wants of it: places in flight are renewed, entries
-- settled, and heads of further mailboxes taken. A mailbox is in flight, or due later, or in `ready`, or empty.
-- An entry is '<not before, ms>:<accepted, ms>:<JSON of what is known of it>' and, in a new line, the event.
-- KEYS: 1 ready, 2 due, 3 in flight, 4 health, 5 backlog, 6 behind, then those that `record` takes for each settlement.
-- ARGV: 1 prefix of mailboxes, 2 heads wanted, 3 most in flight, 4 validity of a place (ms), 5 lifetime of an entry (ms),
--   6 longest probe (ms), 7 failures that open the breaker, 8 first opening (ms), 9 longest opening (ms),
--   10 lifetime of health (ms), 11 most in a mailbox, 12 most in all,
--   13 renewals, each: mailbox, expiry of its place;
--   then settlements, each: mailbox, expiry of its place, entry that was tried without its event, the same as it waits for
--   its next attempt or empty, wait before that (ms), keys for `record`, arguments for `record`, these arguments.
-- Returns {{expiry or 0 for each renewal}, {{settled, opened, what `record` returns} for each settlement},
--   {mailbox, 'head' | 'expired', expiry, breaker 'closed' | 'half-open', entry for each head}, ms until there may be more or -1,
--   {instances that have room again for what stayed in their logs}}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ready, due, flying, health, backlog, behind = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local a = 13

-- The expiry of a place says whose it is: nobody else gets one for this mailbox before.
local function holds(mailbox, expiry)
  return tonumber(redis.call('ZSCORE', flying, mailbox) or '0') == tonumber(expiry)
end

local renewed = {}
local renewals = tonumber(ARGV[a])
a = a + 1
for i = 1, renewals do
  renewed[i] = 0
  if holds(ARGV[a], ARGV[a + 1]) then
    renewed[i] = now + ARGV[4]
    redis.call('ZADD', flying, renewed[i], ARGV[a])
  end
  a = a + 2
end

-- Returns 1 if the breaker has opened.
local function count(attempt)
  if attempt == 'ok' then
    redis.call('DEL', health)
  elseif attempt == 'failed' then
    local state = redis.call('HGET', health, 'state') or 'closed'
    local failures = redis.call('HINCRBY', health, 'failures', 1)
    redis.call('PEXPIRE', health, ARGV[10])
    if state == 'half-open' or (state == 'closed' and failures >= tonumber(ARGV[7])) then
      local openings = redis.call('HINCRBY', health, 'openings', 1)
      local span = math.min(ARGV[8] * 2 ^ math.min(openings - 1, 20), tonumber(ARGV[9]))
      redis.call('HSET', health, 'state', 'open', 'until', string.format('%d', now + span))
      return 1
    end
  end
  return 0
end

-- Returns whether the head was still the one that was tried, and when it is due again if it stays.
local function settle(list, tried, waiting, wait)
  local head = redis.call('LPOP', list)
  if not head then return false end
  if string.sub(head, 1, #tried + 1) ~= tried .. '\n' then
    redis.call('LPUSH', list, head)
    return false
  end
  if waiting == '' then
    redis.call('DECR', backlog)
    return true
  end
  local at = now + wait
  local accepted = string.match(head, '^%d+:(%d+):')
  redis.call('LPUSH', list, string.format('%d:', at) .. accepted .. ':' .. waiting .. string.sub(head, #tried + 1))
  return true, at
end

local settlements = {}
local k = 7
while a <= #ARGV do
  local mailbox, tried, waiting, wait = ARGV[a], ARGV[a + 2], ARGV[a + 3], ARGV[a + 4]
  local recordKeys, recordArgs = tonumber(ARGV[a + 5]), tonumber(ARGV[a + 6])
  local list = ARGV[1] .. mailbox
  local isHeld = holds(mailbox, ARGV[a + 1])
  a = a + 7
  local outcome, attempt = ARGV[a], ARGV[a + 1]
  local opened = count(attempt)
  -- Nothing was tried: if this was to be the probe of an open breaker, the next entry is.
  if outcome == 'skipped' and redis.call('HGET', health, 'state') == 'half-open' then
    redis.call('HSET', health, 'until', now)
  end
  local settled, at = settle(list, tried, waiting, wait)
  -- Whoever has lost the place leaves it to the one who has it to go on with the mailbox.
  if isHeld then
    redis.call('ZREM', flying, mailbox)
    if at then
      redis.call('ZADD', due, at, mailbox)
    elseif redis.call('EXISTS', list) == 1 then
      redis.call('RPUSH', ready, mailbox)
    end
  end
  local told = record(k, a, now, settled, opened == 1, recordKeys)
  settlements[#settlements + 1] = { settled and 1 or 0, opened, told }
  k = k + recordKeys
  a = a + recordArgs
end

-- What was in flight with a worker that has died is tried first; what was due has waited for its time.
local lost = redis.call('ZRANGEBYSCORE', flying, '-inf', now)
for i = 1, #lost do
  redis.call('ZREM', flying, lost[i])
  redis.call('LPUSH', ready, lost[i])
end
local come = redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, 500)
for i = 1, #come do
  redis.call('ZREM', due, come[i])
  redis.call('RPUSH', ready, come[i])
end

local breaker = redis.call('HMGET', health, 'state', 'until')
local state, shut = breaker[1] or 'closed', tonumber(breaker[2] or '0')
local isOpen = state ~= 'closed' and shut > now
local wanted = tonumber(ARGV[2])
local room = math.min(wanted, tonumber(ARGV[3]) - redis.call('ZCARD', flying))
-- The time of being open is over (or the last probe's worker died): one entry is the probe.
if state ~= 'closed' and not isOpen then room = math.min(room, 1) end

local taken = {}
local function take(mailbox, kind, head)
  redis.call('ZADD', flying, now + ARGV[4], mailbox)
  local n = #taken
  taken[n + 1], taken[n + 2], taken[n + 3] = mailbox, kind, now + ARGV[4]
  taken[n + 4], taken[n + 5] = state == 'closed' and 'closed' or 'half-open', head
  room = room - 1
end

-- While the breaker is open, only those are looked for that have waited for too long.
local looks = isOpen and math.min(redis.call('LLEN', ready), 100) or 1000000
while room > 0 and looks > 0 do
  looks = looks - 1
  local mailbox = redis.call('LPOP', ready)
  if not mailbox then break end
  local head = redis.call('LINDEX', ARGV[1] .. mailbox, 0)
  -- It may be named twice, or be empty: what is in flight or waits comes back by itself.
  if head and not redis.call('ZSCORE', flying, mailbox) then
    local at, accepted = string.match(head, '^(%d+):(%d+):')
    if tonumber(at) > now then
      redis.call('ZADD', due, at, mailbox)
    elseif not isOpen then
      if state ~= 'closed' then
        state = 'half-open'
        redis.call('HSET', health, 'state', state, 'until', now + ARGV[6])
      end
      take(mailbox, 'head', head)
    elseif now - tonumber(accepted) > tonumber(ARGV[5]) then
      take(mailbox, 'expired', head)
    else
      redis.call('RPUSH', ready, mailbox)
    end
  end
end

-- When there may be something to do although nobody says so: something is due, a place runs out, the breaker ends.
local nextAt = -1
local function consider(at)
  if at and (nextAt < 0 or tonumber(at) < nextAt) then nextAt = tonumber(at) end
end
if room > 0 or #taken == 0 then
  consider(redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2])
  consider(redis.call('ZRANGE', flying, 0, 0, 'WITHSCORES')[2])
  if isOpen and redis.call('EXISTS', ready) == 1 then consider(shut) end
end

local roomy = {}
if room > 0 and redis.call('EXISTS', behind) == 1 and tonumber(redis.call('GET', backlog) or '0') < ARGV[12] * 0.9 then
  local members = redis.call('SRANDMEMBER', behind, 20)
  for i = 1, #members do
    if redis.call('LLEN', ARGV[1] .. members[i]) <= ARGV[11] / 2 then roomy[#roomy + 1] = members[i] end
  end
end
return { renewed, settlements, taken, nextAt < 0 and -1 or math.max(0, nextAt - now), roomy }
