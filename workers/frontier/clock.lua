-- By how many ms the clock is behind the latest time that was seen, 0 if that is slight; else the time is noted. One that
-- has leapt ahead is remembered for a while: it may be wrong.
-- warraq:clock, warraq:clock-leapt
-- ARGV: what is slight, what is a leap, how long it is remembered
local last = tonumber(redis.call('GET', 'warraq:clock') or now)
if last - now > tonumber(ARGV[1]) then return last - now end
if now - last > tonumber(ARGV[2]) then redis.call('SET', 'warraq:clock-leapt', now - last, 'PX', ARGV[3]) end
redis.call('SET', 'warraq:clock', now)
return 0
