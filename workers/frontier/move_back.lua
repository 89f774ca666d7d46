-- Keys that expire, sorted sets of times, and what flushers have in hand, after the clock was set back: all that lies
-- ahead comes as much earlier. Scores that are no times in ms are far smaller than any. A host's budget lasts a day at
-- most: one that was begun before the clock went ahead, and came back, must not be given anew the sooner for it.
-- KEYS: any keys; ARGV: by how many ms
local step, DAY = tonumber(ARGV[1]), 86400000
for _, key in ipairs(KEYS) do
  local left = redis.call('PTTL', key)
  if string.find(key, 'warraq:spent:', 1, true) == 1 then
    if left > DAY then redis.call('PEXPIRE', key, DAY) end
  elseif left > step then redis.call('PEXPIRE', key, left - step) end
  local kind = redis.call('TYPE', key).ok
  if kind == 'zset' then
    local ahead = redis.call('ZRANGEBYSCORE', key, '(' .. now, '+inf', 'WITHSCORES')
    for i = 1, #ahead, 2 do redis.call('ZADD', key, math.max(now, tonumber(ahead[i + 1]) - step), ahead[i]) end
  elseif kind == 'stream' and #redis.call('XINFO', 'GROUPS', key) > 0 then
    for _, item in ipairs(redis.call('XPENDING', key, 'flushers', '-', '+', 10000)) do
      redis.call('XCLAIM', key, 'flushers', item[2], 0, item[1], 'IDLE', 0, 'JUSTID')
    end
  end
end
return 0
