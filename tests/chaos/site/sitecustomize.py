"""Python loads this before a worker of a chaos run (PYTHONPATH): pages that kill, hang or eat; a clock that is wrong.

WARRAQ_CHAOS_STARTS names a file that gets a line for each start on such a page; WARRAQ_CHAOS_SKEW_S shifts the clock.
"""

import datetime as dt
import os
import signal
import sys
import time
from pathlib import Path


class _Datetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _REAL)


_REAL = dt.datetime


def shift(seconds: float) -> None:
    """Let this process believe that it is `seconds` later."""
    wall, by = time.time, dt.timedelta(seconds=seconds)

    class Shifted(_REAL, metaclass=_Datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return super().now(tz) + by

    Shifted.__module__, Shifted.__qualname__ = _REAL.__module__, _REAL.__qualname__  # beat pickles what it has run when
    time.time = lambda: wall() + seconds
    dt.datetime = Shifted  # type: ignore[misc]


def poison(starts: Path) -> None:
    """Let some pages be fatal for the process that works on them."""
    from ingest import pipeline  # noqa: PLC0415  # only this worker needs it

    process = pipeline.process

    def fatal(*args: object, **known: object) -> object:
        name = str(args[2].url).rpartition("/")[2]  # type: ignore[attr-defined]  # the Page
        if name in DEADLY:
            with starts.open("a") as file:
                file.write(f"{name}\n")
            DEADLY[name]()
        return process(*args, **known)  # type: ignore[arg-type]

    pipeline.process = fatal  # type: ignore[assignment]


def kill() -> None:
    """As a bug in a C library does."""
    os.kill(os.getpid(), signal.SIGKILL)


def hang() -> None:
    """As a C library does that never looks at signals: only the hard limit ends it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    while True:
        time.sleep(1)


def linger() -> None:
    """As Python code does that takes too long: the soft limit ends it."""
    while True:
        sum(range(10_000))


def eat() -> None:
    """Take all memory there is."""
    held = []
    while True:
        held.append(bytearray(16 * 2**20))


DEADLY = {"kill": kill, "hang": hang, "linger": linger, "eat": eat}

_skew = os.environ.get("WARRAQ_CHAOS_SKEW_S")
if _skew and "workers.health" not in sys.orig_argv:  # that compares files' times, which a wrong clock had made as well
    shift(float(_skew))
if _starts := os.environ.get("WARRAQ_CHAOS_STARTS"):
    poison(Path(_starts))
