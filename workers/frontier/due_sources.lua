-- Due sources for the poll queue, the longest overdue first, as far as it has room. A source is in the queue once: its
-- claim holds while the message waits, and ends when the poll begins.
-- warraq:sources, warraq:polls, poll (Celery's queue)
-- ARGV: messages that the queue may hold, how long a claim holds, how long one holds whose message does not wait
local most, waiting = tonumber(ARGV[1]), redis.call('LLEN', 'poll')
redis.call('ZREMRANGEBYSCORE', 'warraq:polls', '-inf', now)
if waiting == 0 then  -- a claim that no poll has ended by now was a dead worker's
  redis.call('ZREMRANGEBYSCORE', 'warraq:polls', '-inf', now + tonumber(ARGV[2]) - tonumber(ARGV[3]))
end
local claimed = redis.call('ZCARD', 'warraq:polls')  -- some may still be on their way into the queue, from another tick
local room = most - math.max(waiting, claimed)
local out = {}
if room <= 0 then return out end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', 'warraq:sources', '-inf', now, 'LIMIT', 0, room + claimed)) do
  if #out >= room then break end
  if not redis.call('ZSCORE', 'warraq:polls', id) then
    redis.call('ZADD', 'warraq:polls', now + tonumber(ARGV[2]), id)
    out[#out + 1] = id
  end
end
return out
