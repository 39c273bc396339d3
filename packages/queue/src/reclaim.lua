-- Puts jobs that a former owner left active back to the head of the queue (BullMQ takes from the right end of `wait`).
-- KEYS: ownership, active, wait, stalled.
-- ARGV: owner, epoch, key base of the queue, 1 if the former owner has left them without a word, else 0.
-- Returns for each that was moved its id and how many owners have left it so.
local held = redis.call('HMGET', KEYS[1], 'owner', 'epoch')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then
  return redis.error_reply('FENCED held by epoch ' .. tostring(held[2]))
end
local moved = {}
-- BullMQ pushes newly active jobs on the left, so the left end is the youngest: moving from the left to the right end
-- of `wait`, one by one, leaves the oldest as the next to be taken.
while true do
  local job = redis.call('LMOVE', KEYS[2], KEYS[3], 'LEFT', 'RIGHT')
  if not job then break end
  redis.call('DEL', ARGV[3] .. ':' .. job .. ':lock')
  redis.call('HDEL', ARGV[3] .. ':' .. job, 'processedOn')
  local key = ARGV[3] .. ':' .. job
  local left = 0
  -- Not for a job that is gone: what is counted would stay for ever.
  if redis.call('EXISTS', key) == 1 then left = redis.call('HINCRBY', key, 'left', ARGV[4]) end
  moved[#moved + 1] = job
  moved[#moved + 1] = left
end
redis.call('DEL', KEYS[4])
return moved
