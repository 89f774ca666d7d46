-- Articles are looked after again when their lease is over.
-- warraq:work
-- ARGV: lease, ids
for i = 2, #ARGV do redis.call('ZADD', 'warraq:work', now + tonumber(ARGV[1]), ARGV[i]) end
