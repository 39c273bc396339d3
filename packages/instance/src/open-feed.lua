-- Where a tenant's feed begins and ends. One that does not exist begins here, with an entry that stands for no event, so
-- that there is a position to resume from before the first event.
-- KEYS: feed, the tenant's record. Returns the ids of the oldest and the newest entry, or nothing without a tenant.
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
if not oldest then
  if redis.call('EXISTS', KEYS[2]) == 0 then return {} end
  local time = redis.call('TIME')
  local id = string.format('%.0f-0', time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('XADD', KEYS[1], id, 'i', '', 's', '0', 't', '')
  return { id, id }
end
return { oldest[1], redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1][1] }
