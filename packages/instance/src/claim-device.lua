-- Moves the claim on a device, if it is whose it is thought to be. KEYS: the claim.
-- ARGV: whose it is now ('' for nobody's), whose it becomes ('' for nobody's). Returns 1, or 0 if it was not so.
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[2])
end
return 1
