-- Appends what has happened at one instance to its tenant's feed; what the feed has had already is skipped, so that
-- relaying twice adds nothing. Nothing is fed to a tenant that does not exist any more.
-- KEYS: feed, fed (the last sequence of this instance), the tenant's record.
-- ARGV: instance, life of `fed` (ms), most entries, last sequence that its log need not keep, channel, then pairs of
--   sequence and type, oldest first. Returns how many were added.
if redis.call('EXISTS', KEYS[3]) == 0 then return 0 end
local fed = tonumber(redis.call('GET', KEYS[2]) or '0')

-- Ids are `<birth of the feed, ms>-<number>`, without a gap: that is how readers see that something is missing.
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local birth
local next = '-*'
if newest then
  birth = string.match(newest[1], '^%d+')
else
  local time = redis.call('TIME')
  birth = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
  -- 0 is the position before the first event.
  next = '-1'
end

local added = 0
local last
for i = 6, #ARGV, 2 do
  local sequence = tonumber(ARGV[i])
  if sequence > fed then
    last = redis.call('XADD', KEYS[1], birth .. next, 'i', ARGV[1], 's', ARGV[i], 't', ARGV[i + 1])
    next = '-*'
    fed = sequence
    added = added + 1
  end
end
if added == 0 then return 0 end
redis.call('SET', KEYS[2], fed, 'PX', ARGV[2])
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[3])

-- Entries at the beginning whose events the instance's log is about to drop lead nowhere; one without an instance has
-- marked the beginning, and has done its duty. The newest one stays in any case: its event is kept.
local dropped = tonumber(ARGV[4])
local function useless(entry)
  local instance, sequence = entry[2][2], tonumber(entry[2][4])
  return instance == '' or (instance == ARGV[1] and sequence <= dropped)
end
if useless(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]) then
  local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 256)
  local keep = 1
  while keep < #oldest and useless(oldest[keep]) do keep = keep + 1 end
  redis.call('XTRIM', KEYS[1], 'MINID', oldest[keep][1])
end
redis.call('PUBLISH', ARGV[5], last)
return added
