"""The Lua scripts of `lanes` and `turns`, each atomic, each by Redis' own clock. Times in milliseconds."""

_NOW = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"

_HOST = """
local function held(lane) return math.max(redis.call('PTTL', 'warraq:hold:' .. lane), 0) end
local function left(lane, budget) return budget - tonumber(redis.call('GET', 'warraq:spent:' .. lane) or 0) end
local function is_poll(who) return string.find(who, 'poll', 1, true) end
local function reschedule(lane, at)
  local head = redis.call('ZRANGE', 'warraq:lane:' .. lane, 0, 0, 'WITHSCORES')[2]
  if head then redis.call('ZADD', 'warraq:lanes', math.max(at, tonumber(head)), lane)
  else redis.call('ZREM', 'warraq:lanes', lane) end
end
"""

PUSH = (
    _NOW
    + _HOST
    + """
local lane, id, due, residence, ticket = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
redis.call('HSET', 'warraq:tickets', id, ticket)
redis.call('HDEL', 'warraq:started', id)
redis.call('ZADD', 'warraq:lane:' .. lane, due, id)
redis.call('ZADD', 'warraq:work', math.max(now, due) + residence, id)
local hold = held(lane)
reschedule(lane, hold > 0 and now + hold or 0)
"""
)

# A lane that a poll waits for is left to it for a moment: else its articles would win every race.
POP = (
    _NOW
    + _HOST
    + """
local room, lease, busy = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local free, budget = ARGV[4], tonumber(ARGV[5])
local out = {}
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', 'warraq:lanes', '-inf', now, 'LIMIT', 0, room)) do
  local key, some, wait = 'warraq:lane:' .. lane, room, 0
  if lane ~= free then
    wait = held(lane)
    if wait == 0 and left(lane, budget) <= 0 then wait = redis.call('PTTL', 'warraq:spent:' .. lane) end
    if wait == 0 and redis.call('EXISTS', 'warraq:want:' .. lane) == 1 then wait = 100 end
    if wait > 0 then some = 0 else some = math.min(busy > 0 and 1 or room, left(lane, budget)) end
  end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, some)) do
    redis.call('ZREM', key, id)
    redis.call('ZADD', 'warraq:work', now + lease, id)
    out[#out + 1], out[#out + 2] = lane, id
    room = room - 1
    if busy > 0 and lane ~= free then
      redis.call('SET', 'warraq:hold:' .. lane, id, 'PX', busy)
      wait = busy
    end
  end
  reschedule(lane, now + wait)
  if room <= 0 then break end
end
return out
"""
)

LEASE = _NOW + "for i = 2, #ARGV do redis.call('ZADD', 'warraq:work', now + tonumber(ARGV[1]), ARGV[i]) end"

END = (
    _NOW
    + """
redis.call('HSET', 'warraq:tickets', ARGV[1], ARGV[2])
redis.call('HDEL', 'warraq:started', ARGV[1])
redis.call('ZADD', 'warraq:work', now + tonumber(ARGV[3]), ARGV[1])
"""
)

# A poll that finds an article at the host gets the next turn; one that finds a poll there does not, so that
# many sources of one host cannot keep its articles waiting for ever.
VISIT = (
    _HOST
    + """
local lane, who, busy, budget = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local hold, spent, want = 'warraq:hold:' .. lane, 'warraq:spent:' .. lane, 'warraq:want:' .. lane
local holder = redis.call('GET', hold)
if holder and holder ~= who then
  local wait = math.max(held(lane), 1)
  if is_poll(who) and not is_poll(holder) then redis.call('SET', want, 1, 'PX', wait + 5000) end
  return wait
end
if left(lane, budget) <= 0 then return math.max(redis.call('PTTL', spent), 1) end
if redis.call('INCR', spent) == 1 then redis.call('PEXPIRE', spent, 86400000) end
if is_poll(who) then redis.call('DEL', want) end
if busy > 0 then redis.call('SET', hold, who, 'PX', busy) end
return 0
"""
)

# Whose turn it was lets the host rest. Who comes late, when another has the turn, changes nothing;
# a rest is never made shorter.
REST = (
    _NOW
    + _HOST
    + """
local lane, who, pause, well = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local hold = 'warraq:hold:' .. lane
local holder = redis.call('GET', hold)
if well == '1' then redis.call('DEL', 'warraq:strikes:' .. lane) end
if not holder or holder == who or (string.find(holder, 'rest', 1, true) and held(lane) < pause) then
  if pause > 0 then redis.call('SET', hold, is_poll(who) and 'rest:poll' or 'rest', 'PX', pause)
  else redis.call('DEL', hold) end
end
reschedule(lane, now + held(lane))
"""
)

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
