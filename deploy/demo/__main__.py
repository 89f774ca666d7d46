"""`make demo`: a small newsroom becomes searchable documents on the real stack; fails if anything is wrong."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from deploy.demo.newsroom import Newsroom
from deploy.demo.proof import Proof
from deploy.local import places, ports, stack
from deploy.local.errors import LocalStackError

TEXTS: Final = Path(__file__).parent / "texts"
OVERRIDES: Final = {
    "WARRAQ_FETCH_ALLOW": "127.0.0.0/8,::1/128",  # the newsroom is on loopback; compose has no such setting
    "WARRAQ_POLITENESS_S": "0",  # and it is ours: nobody to be polite to
    "WARRAQ_SWEEP_S": "5",  # a worker killed while you watch: its articles come back in seconds
    "WARRAQ_LEASE_S": "20",
}

INTERRUPTED: Final = 128 + 2
"""What a shell returns of a command that Ctrl-C has ended."""


def main() -> int:
    """Run the demo; return the exit code. A SIGTERM ends it as Ctrl-C does: nothing is left running."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with running() as started, Newsroom(newsroom_port(started), datetime.now(UTC)) as newsroom:
            return show(started, newsroom)
    except LocalStackError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped before its end.", file=sys.stderr)
        return INTERRUPTED


@contextmanager
def running() -> Iterator[stack.Stack]:
    """Start the stack; stop it at the end, unless KEEP=1."""
    headline("Starting Redis, Elasticsearch, six kinds of workers, beat and Flower")
    try:
        yield stack.up(OVERRIDES)
    finally:
        if os.environ.get("KEEP") == "1":
            print("KEEP=1: the stack goes on. `make down` stops it.")
        else:
            stack.down()


def newsroom_port(started: stack.Stack) -> int:
    """Return the newsroom's port: the same in each run, so that an article keeps its address."""
    return ports.load(started.home)["newsroom"]


def show(started: stack.Stack, newsroom: Newsroom) -> int:
    """Ingest, correct, ingest again, search; then compare everything with what the newsroom expects."""
    headline("Ingesting five sites and a folder of text files")
    warraq("ingest", *newsroom.feeds(), str(TEXTS))
    proof = Proof.of_stack(started.env)
    problems = proof.compare(newsroom.expected())
    headline("A newsroom corrects an article; its feed says so")
    newsroom.publish_update()
    warraq("ingest", *newsroom.feeds())
    problems += proof.compare(newsroom.expected()) + proof.text_files(TEXTS)
    for search in newsroom.searches():
        problems += proof.story(search) if search.one_story else []
        headline(f"warraq search {search.query!r}")
        warraq("search", search.query, "--size", "3")
        problems += proof.search(search)
        if search.one_story:
            headline("Who had it first, and who copied whom?")
            warraq("story", search.finds[0])
    headline("Ask Elasticsearch yourself, with a key that can only read")
    warraq("keys")
    print(f"desk: http://127.0.0.1:{started.desk_port} (reader, or editor)")
    print(f"Flower: http://127.0.0.1:{started.flower_port} (user warraq)")
    return verdict(problems, proof.documents())


def verdict(problems: list[str], documents: int) -> int:
    """Say how it went."""
    for problem in dict.fromkeys(problems):
        print(f"WRONG: {problem}", file=sys.stderr)
    headline(f"{len(problems)} things are wrong" if problems else f"All as expected: {documents} documents")
    return 1 if problems else 0


def warraq(*arguments: str) -> None:
    """Run the command as a person would. Its exit code is not ours: some articles are meant to fail."""
    subprocess.run([places.interpreter_folder() / "warraq", *arguments], check=False)


def headline(text: str) -> None:
    """Print a headline."""
    print(f"\n\033[1m== {text}\033[0m" if sys.stdout.isatty() else f"\n== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
