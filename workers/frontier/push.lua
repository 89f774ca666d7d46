-- An article waits in its lane: its id, and a ticket only while few have one.
-- warraq:lane:<lane>, warraq:archive:<lane>, warraq:lanes, warraq:work, warraq:tickets, warraq:started
-- ARGV: lane, id, due, archive (0 or 1), ticket, how many tickets there may be
local lane, id, due, archive = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1'
if redis.call('HLEN', 'warraq:tickets') < tonumber(ARGV[6]) then redis.call('HSET', 'warraq:tickets', id, ARGV[5])
else redis.call('HDEL', 'warraq:tickets', id) end
redis.call('HDEL', 'warraq:started', id)
redis.call('ZREM', 'warraq:work', id)
redis.call('ZADD', (archive and 'warraq:archive:' or 'warraq:lane:') .. lane, due, id)
local rest = cooldown(lane)
reschedule(lane, rest > 0 and now + rest or 0)
