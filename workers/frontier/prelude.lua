-- What the scripts share.
-- warraq:hold:<lane>     text  exists while a host must be left in peace
-- warraq:spent:<lane>    text  requests in 24 hours
-- warraq:lane:<lane>     ZSET  fresh articles that wait
-- warraq:archive:<lane>  ZSET  old ones, behind them
-- warraq:lanes           ZSET  lane -> when it may next be asked
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)

local function cooldown(lane) return math.max(redis.call('PTTL', 'warraq:hold:' .. lane), 0) end
local function left(lane, budget) return budget - tonumber(redis.call('GET', 'warraq:spent:' .. lane) or 0) end
local function is_poll(holder) return string.find(holder, 'poll', 1, true) end

local function first(key)
  local score = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  return score and tonumber(score) or math.huge
end

local function reschedule(lane, at)
  local head = math.min(first('warraq:lane:' .. lane), first('warraq:archive:' .. lane))
  if head == math.huge then redis.call('ZREM', 'warraq:lanes', lane)
  else redis.call('ZADD', 'warraq:lanes', math.max(at, head), lane) end
end

