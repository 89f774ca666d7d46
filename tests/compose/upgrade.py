"""`python -m tests.compose.upgrade COMMIT`: from that version to this one and back, with data and work under way."""

import io
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from deploy.demo.on_compose import reader_key
from deploy.demo.project import FILES, ROOT, Project, missing
from tests.compose.conftest import Texts
from tests.compose.engine import titles, up

ARTICLES: Final = 200


def main() -> None:
    """Print what was done, and how long it took; the first thing that is wrong ends it."""
    if why := missing():
        sys.exit(f"no Docker engine: {why}")
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        texts, old = Path(place, "texts"), Path(place, "old")
        texts.mkdir(mode=0o755)
        check_out(sys.argv[1], old)
        files = (FILES[0], str(Path(__file__).with_name("quick.yml")))
        new = Project("warraq-upgrade", 29210, 25565, 28081, settings={"WARRAQ_TEXTS": str(texts)}, files=files)
        try:
            for line in Rehearsal(replace(new, checkout=old), new, Texts(texts)).lines():
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
        finally:
            new.compose("down", "--volumes", "--remove-orphans")
            new.compose("build", "secrets")  # the tag is this version's again


def check_out(commit: str, folder: Path) -> None:
    """Put the files of that commit into the folder."""
    kept = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(kept)) as archive:
        archive.extractall(folder, filter="data")


@dataclass(frozen=True)
class Rehearsal:
    """One project, run by two versions in turn."""

    old: Project
    new: Project
    texts: Texts

    def lines(self) -> Iterator[str]:
        """Upgrade in mid-work, use what is there, go back, use it again."""
        wanted = self.texts.add("before", ARTICLES) + self.texts.add("under-way", ARTICLES)
        yield f"the earlier version is up: {self._up(self.old)}"
        self._done(self.old, "ingest", "/texts/before")
        self._done(self.old, "ingest", "/texts/under-way", "--timeout", "0")
        yield f"upgraded with work under way: {self._up(self.new)}"
        self._done(self.new, "ingest", "/texts/before", "/texts/under-way")
        reader = reader_key(self.new)
        for command in (("report",), ("check",), ("reindex", "--yes"), ("search", "القطن")):
            self._done(self.new, *command)
        yield f"report, check, reindex and search agree; indexed, each once: {self._whole(wanted, reader)}"
        yield f"went back: {self._up(self.old)}"
        wanted += self.texts.add("back", ARTICLES)
        self._done(self.old, "ingest", "/texts/back")
        self._done(self.old, "search", "القطن")
        yield f"indexed, each once: {self._whole(wanted, reader)}"

    def _up(self, version: Project) -> str:
        began = time.monotonic()
        up(version, "--build")
        return f"{time.monotonic() - began:.0f} s"

    def _done(self, version: Project, *command: str) -> None:
        done = version.warraq(*command)
        if done.returncode and command[-2:] != ("--timeout", "0"):  # that one leaves before all has ended, and says so
            raise AssertionError((command, done.stdout[-1000:], done.stderr[-1000:]))

    def _whole(self, wanted: list[str], reader: str) -> int:
        found = [title for word in ("before", "under-way", "back") for title in titles(self.new, f"{word} ", reader)]
        assert sorted(found) == sorted(wanted), (len(found), len(set(found)), len(wanted))
        return len(found)


if __name__ == "__main__":
    main()
