"""The Lua scripts of `lanes`, each atomic, each by Redis' own clock. Keys: see there; times in milliseconds."""

_NOW = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"

PUSH = (
    _NOW
    + """
local lane, id, due, residence, ticket = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
redis.call('HSET', 'warraq:tickets', id, ticket)
redis.call('HDEL', 'warraq:started', id)
redis.call('ZADD', 'warraq:lane:' .. lane, due, id)
redis.call('ZADD', 'warraq:work', math.max(now, due) + residence, id)
redis.call('ZADD', 'warraq:lanes', redis.call('ZRANGE', 'warraq:lane:' .. lane, 0, 0, 'WITHSCORES')[2], lane)
"""
)

POP = (
    _NOW
    + """
local room, lease, pause, held = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local out = {}
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', 'warraq:lanes', '-inf', now, 'LIMIT', 0, room)) do
  local key, wait = 'warraq:lane:' .. lane, pause
  if lane == held then wait = 0 end
  local some = wait > 0 and 1 or room
  local hold = redis.call('PTTL', 'warraq:hold:' .. lane)
  if hold > 0 then some, wait = 0, hold end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, some)) do
    redis.call('ZREM', key, id)
    redis.call('ZADD', 'warraq:work', now + lease, id)
    out[#out + 1], out[#out + 2] = lane, id
    room = room - 1
    if wait > 0 then redis.call('SET', 'warraq:hold:' .. lane, 1, 'PX', wait) end
  end
  local head = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  if head then redis.call('ZADD', 'warraq:lanes', math.max(now + wait, tonumber(head)), lane)
  else redis.call('ZREM', 'warraq:lanes', lane) end
  if room <= 0 then break end
end
return out
"""
)

LEASE = _NOW + "for i = 2, #ARGV do redis.call('ZADD', 'warraq:work', now + tonumber(ARGV[1]), ARGV[i]) end"

VISIT = """
local hold = redis.call('PTTL', 'warraq:hold:' .. ARGV[1])
if hold > 0 then return hold end
redis.call('SET', 'warraq:hold:' .. ARGV[1], 1, 'PX', ARGV[2])
return 0
"""

DUE_SOURCES = (
    _NOW
    + """
local due = redis.call('ZRANGEBYSCORE', 'warraq:sources', '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))
for _, id in ipairs(due) do redis.call('ZADD', 'warraq:sources', now + tonumber(ARGV[2]), id) end
return due
"""
)

LOST = (
    _NOW
    + """
local out = {}
for i = 1, #ARGV, 2 do
  local lane, id = ARGV[i], ARGV[i + 1]
  local deadline = redis.call('ZSCORE', 'warraq:work', id)
  if not deadline then out[#out + 1] = 'forgotten'
  elseif tonumber(deadline) > now or redis.call('ZSCORE', 'warraq:lane:' .. lane, id) then out[#out + 1] = 'held'
  else out[#out + 1] = redis.call('HGET', 'warraq:started', id) or 'forgotten' end
end
return out
"""
)
