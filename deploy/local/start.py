"""Starts programs in order; those that already run as they should are left alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.local.errors import LocalStackError
from deploy.local.program import Program, check_file, check_script, script, start_file, write_private
from deploy.local.supervise import Info, Supervisor
from deploy.local.waiting import all_well, wait


@dataclass(frozen=True)
class Bringer:
    """One `up` at work."""

    supervisor: Supervisor
    say: Callable[[str], None]

    def all(self, levels: Sequence[Sequence[Program]]) -> None:
        """Bring everything up, level by level; wait early only for what a later one needs, at last for all.

        One-shots run again unless everything is healthy: they may repair what is not.
        """
        programs = [one for level in levels for one in level]
        known = self.supervisor.all()
        if all(self._settled(one, known[one.name]) for one in programs) and all(all_well(programs, known).values()):
            return
        needed = {name for one in programs for name, condition in one.after.items() if condition != "service_started"}
        needed |= {one.name for one in programs if one.one_shot}
        for level in levels:
            self._start([one for one in level if one.one_shot or not self._settled(one, known[one.name])])
            wait([one for one in level if one.name in needed], self.supervisor, self.say)
        wait([one for one in programs if one.name not in needed], self.supervisor, self.say)

    def _settled(self, program: Program, info: Info) -> bool:
        """Return whether the process runs (a one-shot: has ended) with the settings that it should have."""
        write_private(check_file(self.supervisor.place, program.name), check_script(program))
        path = start_file(self.supervisor.place, program.name)
        if not path.exists() or not (info.state == "EXITED" if program.one_shot else info.up):
            return False
        try:
            return path.read_text(encoding="utf-8") == self._script(program)
        except LocalStackError:  # a file it needs is gone: the full way says so, or makes it again
            return False

    def _script(self, program: Program) -> str:
        return script(program, self.supervisor.place, program.prepare())

    def _start(self, programs: Sequence[Program]) -> None:
        """Start programs with fresh settings; those that ran with old ones stop at the same time."""
        self.supervisor.stop([one.name for one in programs])
        for one in programs:
            write_private(start_file(self.supervisor.place, one.name), self._script(one))
            self.supervisor.start(one.name)
