-- Deletes the consumers of processes that are no more: idle for long, and with nothing in hand.
-- ARGV: idle time in milliseconds
local stream, removed = 'warraq:index-stream', 0
if redis.call('EXISTS', stream) == 0 or #redis.call('XINFO', 'GROUPS', stream) == 0 then return 0 end
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', stream, 'flushers')) do
  local name, pending, idle = consumer[2], consumer[4], consumer[6]
  if pending == 0 and idle > tonumber(ARGV[1]) then
    redis.call('XGROUP', 'DELCONSUMER', stream, 'flushers', name)
    removed = removed + 1
  end
end
return removed
