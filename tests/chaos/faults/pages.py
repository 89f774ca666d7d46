"""Pages that are fatal for who works on them; a page store without room; a clock that is wrong."""

import os
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from ingest.ledger.transitions import STARTS
from tests.chaos.harness import Scene, wait_for
from tests.chaos.newsroom import End
from workers.runtime import SERVICES

SITE: Final = Path(__file__).parents[1] / "site"
POISON: Final[Mapping[str, End]] = {
    "kill": ("failed", "poison"),
    "hang": ("failed", "poison"),
    "linger": ("failed", "time_limit"),
    "eat": ("failed", "out_of_memory"),
}
STARTED: Final = Path(tempfile.gettempdir()) / f"warraq-chaos-{os.getpid()}"
POISON_WITHIN_S: Final = 150.0
DISK: Final = "64m"
BLOCK: Final = 4096
"""Bytes: what a page of the newsroom takes on a tmpfs."""
CLOCKS: Final = (("poll", 600), ("process", -600), ("control", 600), ("fetch", -600), ("beat", 600), ("index", 600))


def poison(_: int) -> Mapping[str, str]:
    """Make the process workers ready for pages that are fatal; four starts on each need short limits."""
    short = {"WARRAQ_PROCESS_LIMIT_S": "8", "WARRAQ_LEASE_S": "9", "WARRAQ_SWEEP_S": "2"}
    return {**short, "process.PYTHONPATH": str(SITE), "process.WARRAQ_CHAOS_STARTS": str(STARTED)}


def wait_for_the_poison(scene: Scene) -> None:
    """Wait until the last fatal page has ended: then nothing kills workers any more."""
    STARTED.write_text("")
    scene.closing.append(partial(STARTED.unlink, missing_ok=True))
    ids = [story.id for story in scene.newsroom.stories if story.url.rpartition("/")[2] in POISON]

    def ended() -> bool:
        records = scene.rt.ledger.get_many(ids)
        return len(records) == len(ids) and not any(record.pending for record in records.values())

    wait_for(ended, POISON_WITHIN_S)
    starts = Counter(STARTED.read_text().split())
    for name, (_, reason) in POISON.items():
        most = STARTS + 1 if reason == "poison" else 1
        if not 0 < starts[name] <= most:
            scene.problems.append(f"the page {name!r} was started on {starts[name]} times, {most} are allowed")


def skew(number: int) -> Mapping[str, str]:
    """Set the clock of one worker 10 minutes off, another one's in each run."""
    name, seconds = CLOCKS[number % len(CLOCKS)]
    return {f"{name}.PYTHONPATH": str(SITE), f"{name}.WARRAQ_CHAOS_SKEW_S": str(seconds)}


def small_disk(scene: Scene) -> None:
    """Put a file system in the page store's place that has room for a third of the articles.

    So it is full in the middle, however fast the stack is. Who may not mount takes the right to write from the start.
    """
    pages = _page_store(scene)
    pages.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        size = scene.size.articles // 3 * BLOCK
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", pages], check=True)
        scene.closing.append(lambda: subprocess.run(["umount", "--lazy", pages], check=True))
    else:
        _may_write(pages, mode=0o500)
        scene.closing.append(partial(_may_write, pages, mode=0o700))


def wait_for_the_full_disk(scene: Scene) -> None:
    """Wait until records tell that the page store is full, leave it so for a while, and make room."""
    if not wait_for(lambda: _says_page_store(scene)):
        scene.problems.append("no record says that the page store is full")
    time.sleep(scene.size.stopped_s)
    if os.geteuid() == 0:
        subprocess.run(["mount", "-o", f"remount,size={DISK}", _page_store(scene)], check=True)
    else:
        _may_write(_page_store(scene), mode=0o700)


def _page_store(scene: Scene) -> Path:
    return Path(scene.rig.stack.env["WARRAQ_PAGES_URL"])


def _says_page_store(scene: Scene) -> bool:
    try:
        scene.rt.ledger.refresh()
        return ("pending", "page_store") in scene.rt.ledger.counts()
    except SERVICES:
        return False


def _may_write(folder: Path, mode: int) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(mode)
