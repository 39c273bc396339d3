-- What a relay begins with: entries behind the last one that was relayed, oldest first.
-- KEYS: relayed, events. ARGV: how many at most.
local relayed = tonumber(redis.call('GET', KEYS[1]) or '0')
return redis.call('XRANGE', KEYS[2], string.format('0-%d', relayed + 1), '+', 'COUNT', ARGV[1])
