-- The articles whose lease is over, the longest overdue first.
-- warraq:work
-- ARGV: how many at most
return redis.call('ZRANGEBYSCORE', 'warraq:work', '-inf', now, 'LIMIT', 0, tonumber(ARGV[1]))
