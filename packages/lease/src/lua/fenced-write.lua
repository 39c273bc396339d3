-- Runs a batch of commands only if the caller still owns the instance in its epoch, and a marked batch only once.
-- KEYS[1] ownership, KEYS[2] once mark (the ownership again for none), KEYS[3..] the key of each command
-- ARGV owner, epoch, life of the once mark (ms), channel to publish to ('' for none), then for each command:
--   its name, the type that its key must have ('' for any), how many arguments follow, the arguments
-- Returns { 1, reply… }, { 0 } when the once mark exists, or an error that begins with FENCED.
local held = redis.call('HMGET', KEYS[1], 'owner', 'epoch')
-- An empty owner is nobody: a released or missing instance lets no write pass.
if not held[1] or held[1] == '' or held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then
  return redis.error_reply('FENCED epoch ' .. ARGV[2] .. ' is not the current owner\'s')
end
local once = KEYS[2] ~= KEYS[1]
if once and redis.call('EXISTS', KEYS[2]) == 1 then
  return { 0 }
end

-- Redis undoes nothing, so what would fail is found before anything is written.
local at = 5
local known = {}
for k = 3, #KEYS do
  local wanted = ARGV[at + 1]
  if wanted ~= '' and known[KEYS[k]] ~= wanted then
    known[KEYS[k]] = wanted
    local found = redis.call('TYPE', KEYS[k]).ok
    if found ~= 'none' and found ~= wanted then
      return redis.error_reply('WRONGTYPE ' .. ARGV[at] .. ' on a ' .. found)
    end
  end
  at = at + 3 + ARGV[at + 2]
end

-- Lua's stack holds about 8,000 values; whole field-value pairs, so that HSET can be cut anywhere between chunks.
local chunk = 4000
local replies = { 1 }
local skip = 0
at = 5
for k = 3, #KEYS do
  local name, first, count = ARGV[at], at + 3, tonumber(ARGV[at + 2])
  at = first + count
  if skip > 0 then
    skip = skip - 1
    replies[k - 1] = false
  elseif name == 'guard' then
    -- What the guard stands for was done by an earlier batch: the next command is left out, the others are not.
    local isNew = redis.call('SET', KEYS[k], '1', 'NX', 'PX', ARGV[first])
    skip = isNew and 0 or 1
    replies[k - 1] = isNew and 1 or 0
  elseif name == 'when' then
    local before = replies[k - 2]
    local passes = before and before ~= 0
    skip = passes and 0 or tonumber(ARGV[first])
    replies[k - 1] = passes and 1 or 0
  elseif name == 'rename' then
    replies[k - 1] = 0
    if redis.call('EXISTS', KEYS[k - 1]) == 1 then
      redis.call('RENAME', KEYS[k - 1], KEYS[k])
      replies[k - 1] = 1
    end
  elseif name == 'hstarts' then
    local value = redis.call('HGET', KEYS[k], ARGV[first])
    replies[k - 1] = 0
    for n = first + 1, at - 1 do
      if value and string.sub(value, 1, #ARGV[n]) == ARGV[n] then
        replies[k - 1] = 1
      end
    end
  elseif name == 'hincrby' then
    -- The one command here that fails by what a field holds. A count that is none any more begins anew.
    local reply = redis.pcall('HINCRBY', KEYS[k], ARGV[first], ARGV[first + 1])
    if type(reply) == 'table' then
      redis.call('HSET', KEYS[k], ARGV[first], ARGV[first + 1])
      reply = tonumber(ARGV[first + 1])
    end
    replies[k - 1] = reply
  elseif count <= chunk then
    replies[k - 1] = redis.call(name, KEYS[k], unpack(ARGV, first, at - 1))
  else
    local sum = 0
    for from = first, at - 1, chunk do
      sum = sum + redis.call(name, KEYS[k], unpack(ARGV, from, math.min(from + chunk, at) - 1))
    end
    replies[k - 1] = sum
  end
end
-- Last, so that a batch that failed is not taken for done.
if once then
  redis.call('SET', KEYS[2], '1', 'PX', ARGV[3])
end
if ARGV[4] ~= '' then
  redis.call('PUBLISH', ARGV[4], '1')
end
return replies
