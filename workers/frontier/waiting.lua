-- How many lanes there are, and how many articles wait in them.
-- warraq:lanes, warraq:lane:<lane>, warraq:archive:<lane>
local lanes, articles = redis.call('ZRANGE', 'warraq:lanes', 0, -1), 0
for _, lane in ipairs(lanes) do
  articles = articles + redis.call('ZCARD', 'warraq:lane:' .. lane) + redis.call('ZCARD', 'warraq:archive:' .. lane)
end
return {#lanes, articles}
