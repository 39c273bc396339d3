-- Accepts commands of one instance, in their order: each gets its journal and its job in the queue, or neither.
-- KEYS: record, ownership, settings of the queue.
-- ARGV: tenant, how long a journal is kept beyond the command's deadline (ms), options of jobs, how many events the queue
-- keeps, what the keys of journals begin with, and those of the queue; then for each command: message id, name, recipient,
-- fingerprint, how long it may wait (ms), the job's data without its times and its end.
-- Returns nothing if the tenant has no such instance. Otherwise what the tenant wishes of it, its owner, and for each
-- command: outcome, status.
-- The message id follows from the idempotency key, so the journal itself tells a repetition from another request.
local record = redis.call('HMGET', KEYS[1], 'tenant', 'removedAt', 'paired', 'desired', 'status')
if record[1] ~= ARGV[1] or (record[2] and record[2] ~= '') then
  return {}
end
local isLinked = record[3] == 'true'
if isLinked and record[5] then
  local status = cjson.decode(record[5])
  isLinked = not (status.state == 'closed' and (status.reason == 'logged-out' or status.reason == 'refused'))
end
-- By this clock, which all workers go by, too.
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
local reply = {record[4] or '', redis.call('HGET', KEYS[2], 'owner') or ''}

-- Without it BullMQ would keep thousands.
if isLinked then redis.call('HSETNX', KEYS[3], 'opts.maxLenEvents', ARGV[4]) end

local function answer(outcome, status)
  reply[#reply + 1] = outcome
  reply[#reply + 1] = status
end

for i = 7, #ARGV, 6 do
  local id, name, to, fingerprint, ttl, data = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]
  local journal = ARGV[5] .. id
  local held = redis.call('HMGET', journal, 'status', 'at:queued', 'expiresAt', 'fingerprint')
  local status, acceptedAt, expiresAt = held[1], held[2], held[3]
  if status and held[4] ~= fingerprint then
    answer('conflict', status)
  elseif not status and not isLinked then
    answer('unlinked', '')
  else
    if not status then
      status, acceptedAt, expiresAt = 'queued', now, string.format('%d', now + ttl)
      redis.call('HSET', journal, 'status', status, 'at:queued', now, 'command', name, 'to', to, 'expiresAt', expiresAt,
        'fingerprint', fingerprint)
      redis.call('PEXPIRE', journal, ttl + ARGV[2])
    end
    -- Also for a repetition: adding what is there changes nothing, and what is not there was lost with the store's last
    -- writes.
    if status == 'queued' then
      addCommand(ARGV[6], id, name, data .. ',"acceptedAt":' .. acceptedAt .. ',"expiresAt":' .. expiresAt .. '}',
        ARGV[3], now)
    end
    answer(held[1] and 'replayed' or 'accepted', status)
  end
end
return reply
