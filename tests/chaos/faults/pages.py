"""Pages that are fatal for who works on them, or heavy; a page store without room."""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from ingest.ledger.transitions import STARTS
from tests.chaos.harness import Scene, Size
from tests.chaos.heavy import LONG, WIDE
from tests.chaos.rig import STARTED
from tests.chaos.texts import GOOD, End
from tests.chaos.waiting import wait_for
from workers.runtime import SERVICES

POISON: Final[Mapping[str, End]] = {
    "kill": ("failed", "poison"),
    "hang": ("failed", "poison"),
    "linger": ("failed", "time_limit"),
    "eat": ("failed", "out_of_memory"),
}
DISK: Final = "64m"
BLOCK: Final = 4096
"""Bytes: what a page of the newsroom takes on a tmpfs."""


def poison(_: Size) -> Mapping[str, End]:
    """Name pages that are fatal: what they do is in tests/chaos/site."""
    return POISON


def count_starts(scene: Scene) -> None:
    """Have the starts on fatal pages counted from now on, and compared in the end with what is allowed."""
    STARTED.write_text("")
    scene.closing += [partial(STARTED.unlink, missing_ok=True), partial(_compare, scene)]


def _compare(scene: Scene) -> None:
    starts = Counter(STARTED.read_text().split())
    for name, (_, reason) in POISON.items():
        # the fault that comes next, half of a connection, may cut short what is said of the first start
        most = STARTS + 1 if reason == "poison" else 2
        if not 0 < starts[name] <= most:
            scene.problems.append(f"the page {name!r} was started on {starts[name]} times, {most} are allowed")


def heavy(size: Size) -> Mapping[str, End]:
    """Name pages of 18 MB: half of them have a text that no article has."""
    half = range(size.heavy // 2)
    return {f"{LONG}{n}": ("rejected", "too_long") for n in half} | {f"{WIDE}{n}": GOOD for n in half}


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
    if not wait_for(lambda: says_page_store(scene)):
        scene.problems.append("no record says that the page store is full")
    time.sleep(scene.size.stopped_s)
    if os.geteuid() == 0:
        subprocess.run(["mount", "-o", f"remount,size={DISK}", _page_store(scene)], check=True)
    else:
        _may_write(_page_store(scene), mode=0o700)


def _page_store(scene: Scene) -> Path:
    return Path(scene.rig.stack.env["WARRAQ_PAGES_URL"])


def says_page_store(scene: Scene) -> bool:
    """Tell whether a pending record says that its page cannot be stored."""
    try:
        scene.rt.ledger.refresh()
        return ("pending", "page_store") in scene.rt.ledger.counts()
    except SERVICES:
        return False


def _may_write(folder: Path, mode: int) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(mode)
