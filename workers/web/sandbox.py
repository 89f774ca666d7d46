"""A process of its own for parsing listings: unlike a thread, it can have limits of memory and time.

Polls run in threads, and a thread cannot be stopped. A JSON feed of 269 KB takes 545 MB once it is read, and some bytes
keep a regular expression busy for minutes. Here such a listing costs one child, and the poll fails with a reason.
"""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock
from typing import Any, Final, TypeVar

from ingest.errors import Permanent, Unavailable

T = TypeVar("T")

MEMORY_MB: Final = 256
"""RLIMIT_DATA of the child. The largest listing we read (2,000 entries, 20 MB) needs a quarter of it."""
TIME_S: Final = 20.0
"""For one listing; a poll's task has 110 s for everything. The largest listing takes 0.5 s."""
WAIT_S: Final = 20.0
"""For the child while it reads others' listings: each may take its time, and there are eight threads that poll."""
BUSY: Final = "listings_wait"
TOO_LARGE: Final = "listing_too_large"
TOO_SLOW: Final = "listing_too_slow"


@dataclass(slots=True)
class Child:
    """The process, and our ends of the pipes to it and from it."""

    process: subprocess.Popen[bytes]
    calls: Connection
    answers: Connection

    def end(self) -> None:
        """Kill it, whatever it does."""
        self.process.kill()
        self.process.wait()
        self.calls.close()
        self.answers.close()


class Sandbox:
    """Calls functions of `ingest` in a child, one at a time; the child is started when it is needed."""

    def __init__(self, memory_mb: int = MEMORY_MB, time_s: float = TIME_S, wait_s: float = WAIT_S) -> None:
        self._memory_mb = memory_mb
        self._time_s = time_s
        self._wait_s = wait_s
        self._lock = Lock()
        self._child: Child | None = None

    def call(self, function: Callable[..., T], *args: object) -> T:
        """Return what a function returns; it and its arguments are pickled.

        Raises Permanent (`listing_too_large`, `listing_too_slow`) where it passes a limit, else what it raises;
        Unavailable (`listings_wait`) if others' listings take too long.
        """
        if not self._lock.acquire(timeout=self._wait_s):
            raise Unavailable(BUSY, f"others' listings were not read within {self._wait_s:.0f} s")
        try:
            answer = self._ask(function, args)
        finally:
            self._lock.release()
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]  # a pickled T

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _ask(self, function: Callable[..., object], args: tuple[object, ...]) -> Any:  # noqa: ANN401  # a pickled answer
        for last in (False, True):
            child = self._child = self._child or self._start()
            try:
                child.calls.send((function, args))
                if not child.answers.poll(self._time_s):
                    self._end()
                    return Permanent(TOO_SLOW, f"it was not read within {self._time_s:.0f} s")
                return child.answers.recv()
            except BrokenPipeError:  # the child was gone before it heard of this listing
                self._end()
                if last:
                    raise
            except (EOFError, ConnectionResetError):
                self._end()
                return Permanent(TOO_LARGE, f"reading it took more than {self._memory_mb} MB, or killed its process")
        return None

    def _start(self) -> Child:
        theirs_in, calls = Pipe(duplex=False)
        answers, theirs_out = Pipe(duplex=False)
        ends = [theirs_in.fileno(), theirs_out.fileno()]
        command = [sys.executable, "-m", "workers.web.sandbox_child", *map(str, (*ends, self._memory_mb))]
        process = subprocess.Popen(command, pass_fds=ends)  # noqa: S603  # our own module
        theirs_in.close()
        theirs_out.close()
        return Child(process, calls, answers)

    def _end(self) -> None:
        if self._child is not None:
            with suppress(OSError):
                self._child.end()
            self._child = None
