-- A step has ended: the next one has its ticket and a new lease.
-- warraq:tickets, warraq:started, warraq:work
-- ARGV: id, ticket, lease
redis.call('HSET', 'warraq:tickets', ARGV[1], ARGV[2])
redis.call('HDEL', 'warraq:started', ARGV[1])
redis.call('ZADD', 'warraq:work', now + tonumber(ARGV[3]), ARGV[1])
