-- Notes that an instance has news. Noted already and taken by nobody yet: whoever takes it sees these, too.
-- KEYS: news, owed. ARGV: how long whoever takes it may take (ms), name.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if redis.call('ZADD', KEYS[1], 'NX', string.format('%.0f', now), ARGV[2]) == 1 then
  redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[1] * 1000), ARGV[2])
end
return 1
