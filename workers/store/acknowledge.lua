-- Removes items from the index stream, and their bytes from its gauge: only of those that are still there, since two
-- flushers may have had the same one.
-- ARGV: 1 after a bulk that succeeded; then id and bytes of each item
local stream, gauge, failures = 'warraq:index-stream', 'warraq:index-bytes', 'warraq:index-failures'
local freed = 0
for i = 2, #ARGV, 2 do
  redis.call('XACK', stream, 'flushers', ARGV[i])
  if redis.call('XDEL', stream, ARGV[i]) == 1 then freed = freed + tonumber(ARGV[i + 1]) end
end
if redis.call('XLEN', stream) == 0 then redis.call('DEL', gauge) else redis.call('DECRBY', gauge, freed) end
-- halved, not forgotten: batches grow again step by step
local count = tonumber(redis.call('GET', failures) or 0)
if ARGV[1] == '1' and count > 1 then redis.call('SET', failures, math.floor(count / 2))
elseif ARGV[1] == '1' then redis.call('DEL', failures) end
