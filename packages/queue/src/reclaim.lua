-- Puts jobs that a former owner left active back to the head of the queue (BullMQ takes from the right end of `wait`).
-- KEYS: ownership, active, wait, stalled. ARGV: owner, epoch, key base of the queue. Returns how many were moved.
local held = redis.call('HMGET', KEYS[1], 'owner', 'epoch')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then
  return redis.error_reply('FENCED held by epoch ' .. tostring(held[2]))
end
local moved = 0
-- BullMQ pushes newly active jobs on the left, so the left end is the youngest: moving from the left to the right end
-- of `wait`, one by one, leaves the oldest as the next to be taken.
while true do
  local job = redis.call('LMOVE', KEYS[2], KEYS[3], 'LEFT', 'RIGHT')
  if not job then break end
  redis.call('DEL', ARGV[3] .. ':' .. job .. ':lock')
  redis.call('HDEL', ARGV[3] .. ':' .. job, 'processedOn')
  moved = moved + 1
end
redis.call('DEL', KEYS[4])
return moved
