-- Keys that expire, sorted sets of times, and what flushers have in hand, after the clock was set back: all that lies
-- ahead comes as much earlier. Scores that are no times in ms are far smaller than any.
-- KEYS: any keys; ARGV: by how many ms
local step = tonumber(ARGV[1])
for _, key in ipairs(KEYS) do
  local left = redis.call('PTTL', key)
  if left > step then redis.call('PEXPIRE', key, left - step) end
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
