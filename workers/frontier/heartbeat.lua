-- A worker is alive; those not heard of for long are forgotten.
-- warraq:heartbeats
-- ARGV: worker, after how long one is forgotten
redis.call('ZADD', 'warraq:heartbeats', now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', 'warraq:heartbeats', '-inf', now - tonumber(ARGV[2]))
