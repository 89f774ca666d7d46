"""Redis' clock is set back. Nobody can do that to a server from outside, so what it holds is set ahead by as much."""

from datetime import timedelta
from typing import Final

from tests.chaos.harness import Scene
from tests.chaos.waiting import wait_for
from workers.runtime import redis_client

STEP: Final = timedelta(hours=3)
TICKS_WITHIN_S: Final = 20.0
AHEAD: Final = """
local step, cursor = tonumber(ARGV[1]), '0'
repeat
  local found = redis.call('SCAN', cursor, 'MATCH', 'warraq:*', 'COUNT', 1000)
  cursor = found[1]
  for _, key in ipairs(found[2]) do
    local left = redis.call('PTTL', key)
    if left > 0 then redis.call('PEXPIRE', key, left + step) end
    if redis.call('TYPE', key).ok == 'zset' then
      local times = redis.call('ZRANGEBYSCORE', key, 1e12, '+inf', 'WITHSCORES')
      for i = 1, #times, 2 do redis.call('ZADD', key, times[i + 1] + step, times[i]) end
    end
  end
until cursor == '0'
redis.call('SET', 'warraq:claim:tick', 'one that was taken a moment before', 'PX', 700 + step)
redis.call('INCRBY', 'warraq:clock', step)
"""


def set_back(scene: Scene) -> None:
    """Have everything lie three hours ahead, among it a claim of tick's."""
    with redis_client(scene.rt.settings) as client:
        client.eval(AHEAD, 0, str(int(STEP.total_seconds() * 1000)))
        if not wait_for(lambda: 0 <= client.pttl("warraq:claim:tick") <= 1000, TICKS_WITHIN_S):
            scene.problems.append("tick's claim stands")
