-- A poll ends: its source is due again at a time, or never. Where the source was scheduled anew, paused or removed
-- meanwhile, that counts: whoever did it has taken away the start.
-- warraq:sources, warraq:polls, warraq:poll-starts, warraq:poll-cuts
-- ARGV: source, when it is due (ms; '' = never)
if redis.call('HDEL', 'warraq:poll-starts', ARGV[1]) == 0 then return 0 end
redis.call('HDEL', 'warraq:poll-cuts', ARGV[1])
if ARGV[2] == '' then
  redis.call('ZREM', 'warraq:sources', ARGV[1])
  redis.call('ZREM', 'warraq:polls', ARGV[1])
else
  redis.call('ZADD', 'warraq:sources', ARGV[2], ARGV[1])
end
return 1
