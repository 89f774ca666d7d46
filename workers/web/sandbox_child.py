"""`python -m workers.web.sandbox_child IN OUT MEMORY_MB`: the child of `sandbox`. It ends with its parent."""

import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

from ingest.errors import Permanent
from workers.web.sandbox import TOO_LARGE


def serve(calls: Connection, answers: Connection) -> None:
    """Answer calls with what they return or raise, until nobody asks any more."""
    while True:
        try:
            function, args = calls.recv()
        except EOFError:
            return
        answers.send(_answer(function, args))


def _answer(function: Callable[..., object], args: tuple[object, ...]) -> object:
    try:
        return function(*args)
    except MemoryError:
        return Permanent(TOO_LARGE, "reading it took more memory than a listing may")
    except RecursionError as error:
        return Permanent("listing_too_deep", str(error))
    except Exception as error:  # noqa: BLE001  # the parent raises it again
        return error


def main() -> None:
    """Serve the pipes that the parent has left open, within the limits that it names."""
    in_, out, memory_mb = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb * 2**20, memory_mb * 2**20))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the worker, which ends us
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    serve(Connection(in_, writable=False), Connection(out, readable=False))


if __name__ == "__main__":
    main()
