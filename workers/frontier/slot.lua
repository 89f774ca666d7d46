-- Takes a slot for a while, or prolongs the member's own. Returns whether there was one.
-- KEYS: members by the end of their slot (ZSET). ARGV: member, milliseconds, number of slots
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local has = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not has and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
return 1
