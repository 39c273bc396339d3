-- Notes turns that somebody has begun, with the time from which they are owed: then that one counts as dead.
-- KEYS: owed turns. ARGV: ms until they are owed, then their names.
local time = redis.call('TIME')
local owedAt = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], owedAt, ARGV[i]) end
return 1
