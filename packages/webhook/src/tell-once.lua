-- Appends an event to a tenant's own log, once. KEYS: events, mark. ARGV: entry, lifetime of the mark (ms).
if not redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[2]) then return 0 end
redis.call('XADD', KEYS[1], '0-*', 'event', ARGV[1])
return 1
