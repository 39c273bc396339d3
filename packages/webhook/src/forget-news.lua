-- Notes that something was told. KEYS: alert. ARGV: field, its value when it was read.
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
return 1
