-- Puts one entry at the tail of a mailbox, for scripts of which this is a part: the mailbox takes its turn when it has
-- something to deliver.
-- list, mailbox: its key and its name. ready, backlog: keys of the endpoint. entry: without the two times before it.
local function append(list, mailbox, ready, backlog, now, entry)
  if redis.call('RPUSH', list, string.format('0:%d:', now) .. entry) == 1 then redis.call('RPUSH', ready, mailbox) end
  redis.call('INCR', backlog)
end
