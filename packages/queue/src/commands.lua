-- Adds a job to an instance's queue of commands, as BullMQ's own `add` does, within a script that changes more of the
-- instance. What `add` does for its own workers is left out: nobody blocks on these queues, and nobody reads their events.
-- `base`: the queue's keys without what is behind the last colon. `options`: of the job, as JSON without its braces.
-- Adding an id again changes nothing while its job is there.
local function addCommand(base, id, name, data, options, now)
  local key = base .. id
  if redis.call('EXISTS', key) == 1 then return end
  redis.call('HSET', key, 'name', name, 'data', data, 'opts', '{"jobId":"' .. id .. '",' .. options .. '}',
    'timestamp', now, 'delay', '0', 'priority', '0')
  redis.call('LPUSH', base .. 'wait', id)
end
