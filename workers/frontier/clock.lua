-- By how many ms the clock is behind the latest time that was seen, 0 if that is slight; else the time is noted.
-- warraq:clock
-- ARGV: what is slight
local behind = tonumber(redis.call('GET', 'warraq:clock') or 0) - now
if behind > tonumber(ARGV[1]) then return behind end
redis.call('SET', 'warraq:clock', now)
return 0
