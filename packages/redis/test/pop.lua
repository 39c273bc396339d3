-- Takes the first of the list, and returns it.
return redis.call('LPOP', KEYS[1])
