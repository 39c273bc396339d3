-- Puts events into a mailbox once more, behind all that waits there.
-- KEYS: mailbox, accepted, ready, backlog, deliveries, dead letters, and the replay if it is one that sends them.
-- ARGV: 1 mailbox, 2 lifetime of deliveries (ms), 3 prefix of their keys, 4 prefix of dead letters' keys, 5 '1' if only dead
--   letters may come back, '2' if nothing may that is under way, 6 how far the replay is, as its sender has read it, 7 how far it is from now on,
--   8 how many events it has found now, then triples of event id, entry and delivery.
-- Returns how many were put there; -1 if the replay is over, -2 if another worker has taken it further meanwhile.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if KEYS[7] then
  local replay = redis.call('HMGET', KEYS[7], 'state', 'position')
  if replay[1] ~= 'queued' and replay[1] ~= 'running' then return -1 end
  if replay[2] ~= ARGV[6] then return -2 end
  if replay[1] == 'queued' then redis.call('HSET', KEYS[7], 'state', 'running', 'startedAt', now) end
  redis.call('HSET', KEYS[7], 'position', ARGV[7])
  redis.call('HINCRBY', KEYS[7], 'found', ARGV[8])
end

-- Whether an event may be put there. What succeeded at once has no record, and is not under way.
local function may(id, dead)
  if ARGV[5] == '1' then return redis.call('EXISTS', dead) == 1 end
  if ARGV[5] ~= '2' then return true end
  local stored = redis.call('GET', ARGV[3] .. id)
  local state = stored and cjson.decode(stored).state
  return state ~= 'pending' and state ~= 'retrying'
end

local added = 0
for i = 9, #ARGV, 3 do
  local id = ARGV[i]
  local dead = ARGV[4] .. id
  if may(id, dead) then
    -- By a replay it stays a dead letter until it was delivered: a replay may be cancelled.
    if not KEYS[7] then
      redis.call('DEL', dead)
      redis.call('ZREM', KEYS[6], id)
      redis.call('SET', ARGV[3] .. id, ARGV[i + 2], 'PX', ARGV[2])
      redis.call('ZADD', KEYS[5], now, id)
      redis.call('PEXPIRE', KEYS[5], ARGV[2])
    end
    append(KEYS[1], ARGV[1], KEYS[3], KEYS[4], now, ARGV[i + 1])
    added = added + 1
  end
end
-- So that whoever switches the endpoint on, or deletes it, finds this mailbox too.
if added > 0 then redis.call('HSETNX', KEYS[2], ARGV[1], 0) end
return added
