-- Lets one reaper at a time ask for new owners of what a dead worker held. Only spares work: claims decide who owns what.
-- KEYS[1] lease of the dead worker  ARGV the reaper's incarnation, for how long the others stand back (ms; 0: no longer)
-- Returns 1, or 0 while another one is at it.
local held = redis.call('HMGET', KEYS[1], 'reaper', 'reaperUntil')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if held[1] and held[1] ~= ARGV[1] and tonumber(held[2]) > now then
  return 0
end
redis.call('HSET', KEYS[1], 'reaper', ARGV[1], 'reaperUntil', now + ARGV[2])
return 1
