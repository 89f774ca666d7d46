"""One compose project on the real Docker engine, built and started once, with the demo's newsroom beside it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.demo.project import Project, missing

TEXTS = 300
KEEP = os.environ.get("KEEP") == "1"
"""For whoever works on these tests: the stack is taken as it is, and left."""


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make text files enough for a worker to be killed among them."""
    folder = tmp_path_factory.mktemp("texts")
    for place in (folder, *folder.parents[:2]):  # uid 1000 reads it; pytest's own folders, never /tmp itself
        place.chmod(0o755)
    for n in range(TEXTS):
        text = f"الخبر رقم {n} من القرية\nصورة\n" + f"قال المزارعون في القرية رقم {n} إن موسم القطن جيد هذا العام. " * 8
        (folder / f"{n:04}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def project(texts: Path) -> Iterator[Project]:
    """Build and start everything from nothing, as the README says; take it away at the end."""
    if why := missing():
        pytest.skip(f"no Docker engine: {why}")
    project = replace(Project("warraq-test"), settings={"WARRAQ_TEXTS": str(texts)})
    if not KEEP:
        project.compose("down", "--volumes", "--remove-orphans")
    started = project.compose("up", "--detach", "--wait")
    if started.returncode:
        logs = project.compose("logs", "--tail", "30").stdout
        project.compose("down", "--volumes")
        pytest.fail(f"`docker compose up --wait` ends with {started.returncode}:\n{started.stderr[-2000:]}\n{logs}")
    yield project
    if not KEEP:
        project.compose("down", "--volumes", "--remove-orphans")
    shutil.rmtree(texts, ignore_errors=True)
