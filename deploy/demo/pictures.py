"""`make pictures`: docs/img, what Flower and the desk show when the newsroom's articles go through the real stack."""

import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from deploy.demo import desk_pictures
from deploy.demo.__main__ import TEXTS, newsroom_port, running, warraq
from deploy.demo.newsroom import Newsroom
from deploy.local import places
from deploy.local.errors import LocalStackError
from deploy.local.stack import Stack

IMAGES: Final = places.CHECKOUT / "docs" / "img"
FLAGS: Final = (
    "--headless",
    "--no-sandbox",  # Chromium's sandbox refuses to run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # nothing is asked but Flower
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1480,703",
    "--virtual-time-budget=8000",  # milliseconds of the page's own clock: its table is filled by a second request
)


def main() -> int:
    """Run the newsroom through the stack and take the picture; return the exit code."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print("Chromium is missing: `apt-get install chromium`", file=sys.stderr)
        return 2
    try:
        with running() as started, Newsroom(newsroom_port(started), datetime.now(UTC)) as newsroom:
            warraq("ingest", *newsroom.feeds(), str(TEXTS))
            warraq("replay")  # after an earlier run the articles are known, and nothing would be processed
            photograph(browser, started, IMAGES / "flower.png")
            desk_pictures.photograph(browser, started, IMAGES)
    except LocalStackError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def photograph(browser: str, started: Stack, image: Path) -> None:
    """Write a picture of Flower's tasks."""
    image.parent.mkdir(parents=True, exist_ok=True)
    open_tasks(browser, started, "", f"--screenshot={image}")
    print(f"{image}: {image.stat().st_size // 1024} KB")


def open_tasks(browser: str, started: Stack, query: str, option: str) -> str:
    """Open Flower's list of tasks with one option of Chromium's, and return what it prints.

    The password goes by way of a private file, so that `ps` does not show it.
    """
    password = (started.home / "secrets/people/flower_password").read_text(encoding="utf-8").strip()
    address = f"http://warraq:{password}@127.0.0.1:{started.flower_port}/tasks?{query}"
    with tempfile.TemporaryDirectory() as folder:  # mode 0700
        start = Path(folder, "start.html")
        start.write_text(f'<meta http-equiv="refresh" content="0; url={address}">', encoding="utf-8")
        profile = f"--user-data-dir={folder}/profile"
        command = [browser, *FLAGS, profile, option, start.as_uri()]
        return subprocess.run(command, check=True, timeout=60, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
