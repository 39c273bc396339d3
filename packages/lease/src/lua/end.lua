-- A worker gives its own lease up. What it still holds stays listed, for the others to take over.
-- KEYS[1] lease, KEYS[2] its instances  ARGV life of the tombstone (ms)
-- Returns how many instances it still holds.
redis.call('HSET', KEYS[1], 'dead', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('SCARD', KEYS[2])
