-- Decides, once and for all, that an incarnation is dead: the only place where time decides about ownership.
-- KEYS[1] lease  ARGV proof (1: its death is proven, 0: only an expired lease counts), life of the tombstone (ms)
-- Returns 1 when it is dead now, 0 when its lease still runs.
local lease = redis.call('HMGET', KEYS[1], 'exp', 'dead')
if lease[2] then
  return 1
end
if lease[1] and ARGV[1] ~= '1' then
  local time = redis.call('TIME')
  if tonumber(lease[1]) > time[1] * 1000 + math.floor(time[2] / 1000) then
    return 0
  end
end
-- A missing lease becomes a tombstone too, so that this incarnation can never register (again).
redis.call('HSET', KEYS[1], 'dead', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
