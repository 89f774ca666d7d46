-- Charges a budget for a member, and names those that must go so that the rest keeps within it: who was charged longest ago.
-- KEYS: members by the time of their charge (ZSET), their sizes and under '' the sum (HASH)
-- ARGV: member, size, budget
local when, sizes, gone = KEYS[1], KEYS[2], {}
local before = tonumber(redis.call('HGET', sizes, ARGV[1]) or 0)
local total = redis.call('HINCRBY', sizes, '', tonumber(ARGV[2]) - before)
redis.call('HSET', sizes, ARGV[1], ARGV[2])
redis.call('ZADD', when, now, ARGV[1])
while total > tonumber(ARGV[3]) do
  local oldest = redis.call('ZPOPMIN', when)[1]
  if not oldest then break end
  total = redis.call('HINCRBY', sizes, '', -redis.call('HGET', sizes, oldest))
  redis.call('HDEL', sizes, oldest)
  gone[#gone + 1] = oldest
end
return gone
