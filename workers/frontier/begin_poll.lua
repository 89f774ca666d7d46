-- A poll begins if its source is due; nobody else's begins before its lease is over. Returns how many have begun since one
-- came to an end, 0 if the source is not due: the message was a second one, or the source is gone.
-- warraq:sources, warraq:polls, warraq:poll-starts
-- ARGV: source, lease
local due = redis.call('ZSCORE', 'warraq:sources', ARGV[1])
redis.call('ZREM', 'warraq:polls', ARGV[1])
if not due or tonumber(due) > now then return 0 end
redis.call('ZADD', 'warraq:sources', now + tonumber(ARGV[2]), ARGV[1])
return redis.call('HINCRBY', 'warraq:poll-starts', ARGV[1], 1)
