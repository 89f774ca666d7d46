"""One compose project on the real Docker engine, built and started once, with the demo's newsroom beside it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from deploy.demo.project import Project, missing

KEEP = os.environ.get("KEEP") == "1"
"""For whoever works on these tests: the stack is taken as it is, and left."""


@dataclass(frozen=True)
class Texts:
    """A folder that the containers see as /texts."""

    folder: Path

    def add(self, name: str, articles: int) -> list[str]:
        """Make a folder of text files, long enough to be articles; return their titles, which begin with its name."""
        (self.folder / name).mkdir()
        wanted = [f"{name} {n:03} خبر من القرية" for n in range(articles)]
        for title in wanted:
            text = f"{title}\nصورة\n" + f"قال المزارعون ({title}) إن موسم القطن جيد هذا العام. " * 8
            (self.folder / name / f"{title.split()[1]}.txt").write_text(text, encoding="utf-8")
        return wanted


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Texts]:
    """Make the folder; uid 1000 must be able to read it."""
    folder = tmp_path_factory.mktemp("texts")
    for place in (folder, *folder.parents[:2]):  # pytest's own folders, never /tmp itself
        place.chmod(0o755)
    closed = folder / "closed"
    closed.mkdir(mode=0)
    (folder / "empty").mkdir()
    yield Texts(folder)
    closed.chmod(0o700)  # so that pytest can take it away


@pytest.fixture(scope="session")
def project(texts: Texts) -> Iterator[Project]:
    """Build and start everything from nothing, as the README says; take it away at the end."""
    if why := missing():
        pytest.skip(f"no Docker engine: {why}")
    project = replace(Project("warraq-test"), settings={"WARRAQ_TEXTS": str(texts.folder)})
    if not KEEP:
        project.compose("--profile", "*", "down", "--volumes", "--remove-orphans")
    started = project.compose("up", "--detach", "--wait", timeout=1200)
    if started.returncode:
        logs = project.compose("logs", "--tail", "30").stdout
        project.compose("down", "--volumes")
        pytest.fail(f"`docker compose up --wait` ends with {started.returncode}:\n{started.stderr[-2000:]}\n{logs}")
    yield project
    if not KEEP:
        project.compose("--profile", "*", "down", "--volumes", "--remove-orphans")
