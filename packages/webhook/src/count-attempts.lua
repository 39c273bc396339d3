-- Adds counts to spans of time. KEYS: spans. ARGV: lifetime of each span (ms), then pairs of field and number.
for k = 1, #KEYS do
  for i = #KEYS + 1, #ARGV, 2 do redis.call('HINCRBY', KEYS[k], ARGV[i], ARGV[i + 1]) end
  redis.call('PEXPIRE', KEYS[k], ARGV[k])
end
return 1
