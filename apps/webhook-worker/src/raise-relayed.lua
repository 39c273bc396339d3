-- Raises the relay's cursor of an instance; never lowers it, nor keeps alive what was about to expire. KEYS: relayed. ARGV: sequence.
if tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1], 'KEEPTTL') end
return 1
