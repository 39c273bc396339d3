-- Writes down what became of the head of a mailbox, frees the place in flight, and keeps the breaker.
-- KEYS: mailbox, in flight, health, then what `record` takes.
-- ARGV: 1 place, 2 entry that was tried, 3 entry as it waits for its next attempt, empty if it leaves,
--   4 wait before that attempt (ms), 5 failures that open the breaker, 6 first opening (ms), 7 longest opening (ms),
--   8 lifetime of health (ms), then what `record` takes.
-- Returns {1 if the head was still the one that was tried, 1 if the breaker opened, what `record` returns}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREM', KEYS[2], ARGV[1])

local opened = 0
local outcome, attempt = ARGV[9], ARGV[10]
if attempt == 'ok' then
  redis.call('DEL', KEYS[3])
elseif attempt == 'failed' then
  local state = redis.call('HGET', KEYS[3], 'state') or 'closed'
  local failures = redis.call('HINCRBY', KEYS[3], 'failures', 1)
  if state == 'half-open' or (state == 'closed' and failures >= tonumber(ARGV[5])) then
    local openings = redis.call('HINCRBY', KEYS[3], 'openings', 1)
    local span = math.min(ARGV[6] * 2 ^ math.min(openings - 1, 20), tonumber(ARGV[7]))
    redis.call('HSET', KEYS[3], 'state', 'open', 'until', string.format('%d', now + span))
    opened = 1
  end
  redis.call('PEXPIRE', KEYS[3], ARGV[8])
end

-- Nothing was tried: if this was to be the probe of an open breaker, the next entry is.
if outcome == 'skipped' and redis.call('HGET', KEYS[3], 'state') == 'half-open' then
  redis.call('HSET', KEYS[3], 'until', now)
end

local head = redis.call('LINDEX', KEYS[1], 0)
local settled = head == ARGV[2]
if settled and outcome == 'retrying' then
  local accepted = string.match(head, '^%d+:(%d+):')
  redis.call('LSET', KEYS[1], 0, string.format('%d:', now + ARGV[4]) .. accepted .. ':' .. ARGV[3])
elseif settled then
  redis.call('LPOP', KEYS[1])
end
return { settled and 1 or 0, opened, record(4, 9, now, settled, opened == 1) }
