-- Gives up a claim, unless it has run out and somebody else has it now. KEYS: claim. ARGV: token.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
