-- Appends every argument to the list, and returns how long it is then.
return redis.call('RPUSH', KEYS[1], unpack(ARGV))
