-- A lease together with the clock that its expiry is measured by.
-- KEYS[1] lease
-- Returns Redis' time (ms), then the lease's fields and values.
local time = redis.call('TIME')
return { time[1] * 1000 + math.floor(time[2] / 1000), redis.call('HGETALL', KEYS[1]) }
