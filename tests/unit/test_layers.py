"""Which way imports point: ingest is pure, and its layers look only down."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = [
    {"errors", "model", "listing", "tracking"},
    {"urls", "charset", "dates", "arabic", "robots", "rhythm", "pace", "inflate"},
    {"record", "textfile", "rights", "tdmrep"},
    {"discover", "extract", "tally", "transitions"},
    {"document", "pipeline"},
    {"polls"},
]
"""Bottom first: a module may import from lower layers, and from its own package."""
IMPURE = {"os", "socket", "subprocess", "time", "random", "requests", "urllib.request", "pycurl", "redis", "celery"}
IMPURE |= {"elasticsearch", "fsspec", "workers", "deploy", "asyncio", "threading", "tempfile", "shutil"}
DISK_READER = "__main__"


def modules() -> list[Path]:
    return sorted((ROOT / "ingest").rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def layer(name: str) -> int:
    return next((i for i, names in enumerate(LAYERS) if name in names), len(LAYERS))


def part(path: Path) -> str:
    return path.relative_to(ROOT / "ingest").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_ingest_imports_only_downwards_and_nothing_impure(path: Path) -> None:
    mine = part(path)
    for name in imports(path):
        head, _, rest = name.partition(".")
        if head == "ingest" and mine not in {"__main__", "__init__"}:
            other = rest.partition(".")[0]
            assert other == mine or layer(other) < layer(mine) or (layer(other) == layer(mine) == 0), name
        assert head not in IMPURE, f"{path.name} imports {name}: ingest is pure"
        assert name not in IMPURE, f"{path.name} imports {name}: ingest is pure"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_ingest_reads_no_clock_and_no_file(path: Path) -> None:
    calls = {
        ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
    }
    forbidden = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "open", "Path"}
    if part(path) != DISK_READER:
        assert calls & forbidden == set()


def test_only_http_opens_connections_to_the_outside() -> None:
    web = {"pycurl", "requests", "httpx", "aiohttp", "urllib.request", "http.client", "urllib3"}
    users = {p.name for p in (ROOT / "workers").rglob("*.py") if web & set(imports(p))}
    assert users == {"http.py", "http_failure.py", "http_options.py"}  # its parts


def test_only_settings_and_the_health_check_read_the_environment() -> None:
    readers = {p.name for p in (ROOT / "workers").rglob("*.py") if "os.environ" in p.read_text("utf-8")}
    assert readers == {"settings.py", "health.py"}


def test_what_all_workers_load_has_neither_extraction_nor_feeds_in_it() -> None:
    """They would take 16 MB in each worker; `--include` loads them where they are needed."""
    command = [sys.executable, "-c", "import sys, workers.tasks; print(*sys.modules)"]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert "workers.steps.fetch" in loaded
    assert not {"lxml", "feedparser", "bs4", "trafilatura", "ingest.extract", "ingest.discover"} & set(loaded)
