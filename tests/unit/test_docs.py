"""What the documents point at is there, and the front page stays short."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("benchmarks", "deploy", "docs", "ingest", "tests", "workers")
PAGES = sorted(
    path for place in ("*.md", ".github/**/*.md", *(f"{name}/**/*.md" for name in FOLDERS)) for path in ROOT.glob(place)
)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
CODE = re.compile(r"`((?:ingest|workers|deploy|tests|docs|benchmarks)/[\w./-]+)`")
"""A path in backticks; one with a placeholder or a pattern in it is none."""


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_points_at_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if "://" not in link and not link.startswith("mailto:")]
    broken = [link for link in links if not (page.parent / link.replace("\\", "")).exists()]
    gone = [path for path in CODE.findall(text) if not (ROOT / path).exists() and page.name != "CHANGELOG.md"]
    assert (broken, gone) == ([], [])


def test_the_front_page_has_at_most_120_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_every_make_target_that_a_page_names_is_there() -> None:
    listed = subprocess.run(["make", "--silent", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = set(re.findall(r"make (\w+)", listed))
    named = {
        target
        for page in PAGES
        for code in re.findall(r"`[^`\n]+`|^ {4}.+$", page.read_text(encoding="utf-8"), re.MULTILINE)
        for target in re.findall(r"\bmake ([a-z]+)", code)
    }
    assert named <= targets
