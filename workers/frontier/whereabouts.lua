-- Where articles are: waiting or under way, in a step that came to no end, or nowhere.
-- warraq:work, warraq:lane:<lane>, warraq:archive:<lane>, warraq:started
-- ARGV: lane and id of each
local out = {}
for i = 1, #ARGV, 2 do
  local lane, id = ARGV[i], ARGV[i + 1]
  local deadline = redis.call('ZSCORE', 'warraq:work', id)
  local waits = redis.call('ZSCORE', 'warraq:lane:' .. lane, id) or redis.call('ZSCORE', 'warraq:archive:' .. lane, id)
  if waits and deadline and tonumber(deadline) <= now then  -- an older version leases what it queues
    redis.call('ZREM', 'warraq:work', id)
  end
  if waits or (deadline and tonumber(deadline) > now) then out[#out + 1] = 'in_progress'
  elseif not deadline then out[#out + 1] = 'forgotten'
  else out[#out + 1] = redis.call('HGET', 'warraq:started', id) or 'forgotten' end
end
return out
