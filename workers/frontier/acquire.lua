-- A turn at a host, or how long to wait for one. A poll that finds an article there gets the next turn; one that finds a
-- poll does not, so that many sources of one host cannot keep its articles waiting for ever.
-- warraq:hold:<lane>, warraq:spent:<lane>, warraq:want:<lane>
-- ARGV: lane, holder, how long a turn lasts, a host's budget
local AGAIN = 2000 -- a turn that is taken lasts 90 s at most and mostly ends in one: nobody knows when
local lane, holder, busy, budget = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local hold, spent, want = 'warraq:hold:' .. lane, 'warraq:spent:' .. lane, 'warraq:want:' .. lane
local present = redis.call('GET', hold)
if present and present ~= holder then
  local wait = math.max(cooldown(lane), 1)
  if not string.find(present, 'rest', 1, true) then wait = math.min(wait, AGAIN) end
  if is_poll(holder) and not is_poll(present) then redis.call('SET', want, 1, 'PX', wait + 5000) end
  return wait
end
if left(lane, budget) <= 0 then return math.max(redis.call('PTTL', spent), 1) end
if redis.call('INCR', spent) == 1 then redis.call('PEXPIRE', spent, 86400000) end
if is_poll(holder) then redis.call('DEL', want) end
if busy > 0 then redis.call('SET', hold, holder, 'PX', busy) end
return 0
