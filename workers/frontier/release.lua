-- The holder's turn ends, and the host cools down. A late holder, when another has the turn, changes nothing; a cooldown
-- is never made shorter.
-- warraq:hold:<lane>, warraq:strikes:<lane>
-- ARGV: lane, holder, cooldown, whether the host answered (0 or 1)
local lane, holder, pause, ok = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local hold = 'warraq:hold:' .. lane
local present = redis.call('GET', hold)
if ok == '1' then redis.call('DEL', 'warraq:strikes:' .. lane) end
if not present or present == holder or (string.find(present, 'rest', 1, true) and cooldown(lane) < pause) then
  if pause > 0 then redis.call('SET', hold, is_poll(holder) and 'rest:poll' or 'rest', 'PX', pause)
  else redis.call('DEL', hold) end
end
reschedule(lane, now + cooldown(lane))
