-- Due articles leave their lanes, each under a lease: one from each lane whose host may be asked, old ones last.
-- A lane that a poll waits for is left to it for a moment, or its articles would win every race.
-- warraq:lanes, warraq:lane:<lane>, warraq:archive:<lane>, warraq:work, warraq:hold:<lane>, warraq:spent:<lane>,
-- warraq:want:<lane>
-- ARGV: room, lease, how long a turn lasts, the lane that asks no host, a host's budget
local room, lease, busy = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local free, budget = ARGV[4], tonumber(ARGV[5])
local out = {}
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', 'warraq:lanes', '-inf', now, 'LIMIT', 0, room)) do
  local some, wait = room, 0
  if lane ~= free then
    wait = cooldown(lane)
    if wait == 0 and left(lane, budget) <= 0 then wait = redis.call('PTTL', 'warraq:spent:' .. lane) end
    if wait == 0 and redis.call('EXISTS', 'warraq:want:' .. lane) == 1 then wait = 100 end
    if wait > 0 then some = 0 else some = math.min(busy > 0 and 1 or room, left(lane, budget)) end
  end
  for _, key in ipairs({'warraq:lane:' .. lane, 'warraq:archive:' .. lane}) do
    for _, id in ipairs(some > 0 and redis.call('ZRANGEBYSCORE', key, '-inf', now, 'LIMIT', 0, some) or {}) do
      redis.call('ZREM', key, id)
      redis.call('ZADD', 'warraq:work', now + lease, id)
      out[#out + 1], out[#out + 2] = lane, id
      room, some = room - 1, some - 1
      if busy > 0 and lane ~= free then
        redis.call('SET', 'warraq:hold:' .. lane, id, 'PX', busy)
        wait = busy
      end
    end
  end
  reschedule(lane, now + wait)
  if room <= 0 then break end
end
return out
