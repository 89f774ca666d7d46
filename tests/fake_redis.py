"""fakeredis, with the one answer of INFO that we read, and with quicker scripts: half of a pipeline test is Redis."""

from typing import Any

from fakeredis import FakeRedis, FakeServer
from fakeredis.commands_mixins import scripting_mixin
from fakeredis.commands_mixins.scripting_mixin import ScriptingCommandsMixin

_new_runtime = ScriptingCommandsMixin._get_server_runtime


class MemoryRedis(FakeRedis):
    """A Redis of its own, on one connection: no test asks from two threads at once."""

    used = 0
    """Of a maxmemory of 100."""

    def __init__(self) -> None:
        self.kept = FakeServer()
        super().__init__(server=self.kept, single_connection_client=True)

    def info(self, *_: object, **__: object) -> dict[str, int]:
        return {"used_memory": self.used, "maxmemory": 100}


def _runtime(self: ScriptingCommandsMixin, server: FakeServer) -> Any:
    """Have no garbage collected after each script: a test's world is small, and soon over."""
    is_new = not hasattr(server, "_lua_runtime")
    runtime = _new_runtime(self, server)
    if is_new:
        runtime.execute("collectgarbage = function() end")
    return runtime


ScriptingCommandsMixin._get_server_runtime = _runtime  # type: ignore[method-assign]
# It looks for new globals before each command of a script. The contract tests' real servers refuse them.
scripting_mixin._check_for_lua_globals = lambda *_: None
