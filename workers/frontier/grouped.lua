-- Articles were compared: those that have not been written again meanwhile wait no longer.
-- KEYS: warraq:ungrouped, warraq:ungrouped:chars
-- ARGV: name, score, name, score, ...
for i = 1, #ARGV, 2 do
  if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i]) or -1) == tonumber(ARGV[i + 1]) then
    redis.call('ZREM', KEYS[1], ARGV[i])
    redis.call('HDEL', KEYS[2], ARGV[i])
  end
end
