"""Which way imports point: ingest is pure and its layers look only down; so do those of workers."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).parents[2]
INGEST = [
    {"errors", "mappings", "model", "quality", "tracking", "unknown", "nearest"},
    {"urls", "charset", "dates", "arabic", "inflate", "upshot"},
    {"policy", "textfile", "since"},
    {"polling", "ledger", "revisions"},
    {"discover", "extract", "stories", "forget"},
    {"files", "document", "query"},
    {"pipeline", "backup", "desk", "retention"},
]
"""Packages and root modules of `ingest`, bottom first: one may import from lower layers and from itself."""
ADAPTERS = {"frontier", "store", "web", "celery_ext"}
BASE = {"clock", "ttl_cache", "settings", "secrets", "health", "queues"}
WORKERS = [
    BASE,
    ADAPTERS,
    {"runtime", "app"},
    {"site_rules"},
    {"steps"},
    {"tasks", "metrics", "desk", "__main__"},
    {"cli"},
]
"""Likewise of `workers`; the adapters do not know each other."""
IMPURE = {"os", "socket", "subprocess", "time", "random", "requests", "urllib.request", "pycurl", "redis", "celery"}
IMPURE |= {"elasticsearch", "fsspec", "workers", "deploy", "asyncio", "threading", "tempfile", "shutil"}
CLOCK_AND_FILES = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "open", "Path"}
DISK_READER = "__main__"
LOOKED_AT = ast.Call | ast.Attribute
LAZY = ("workers/settings.py", "deploy.local")
"""The one place where workers ask for the local stack, which only a checkout has: imported where it is used."""


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return what these tests look at besides imports: calls and attributes."""
    return tuple(node for node in ast.walk(tree(path)) if isinstance(node, LOOKED_AT))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return what a file imports, each `from package import name` as `package.name`."""
    names: list[str] = []
    for node in statements(tree(path).body):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(names)


def statements(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield all statements, those within others too: a tenth of what a walk visits."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, part, ())
            if isinstance(inner, list):
                yield from statements(inner)


def reads_environment(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "environ" and ast.unparse(node) == "os.environ"


def layer(layers: list[set[str]], name: str) -> int:
    return next((i for i, names in enumerate(layers) if name in names), -1)


def room(path: Path, package: str) -> str:
    return path.relative_to(ROOT / package).parts[0].removesuffix(".py")


def upward(path: Path, package: str, layers: list[set[str]]) -> list[str]:
    """Return the imports of a file that point up, or sideways into another room."""
    mine = room(path, package)
    if mine == "__init__" or (package == "ingest" and mine == DISK_READER):
        return []
    assert layer(layers, mine) >= 0, f"{name_of(path)}: name its layer in this test"
    found = [name for name in imports(path) if name.startswith(f"{package}.")]
    rooms = [(name, name.split(".")[1]) for name in found]
    allowed_sideways = layers.index(layers[0])
    return [
        name
        for name, other in rooms
        if other != mine
        and not (layer(layers, other) == layer(layers, mine) == allowed_sideways)
        and layer(layers, other) >= layer(layers, mine)
    ]


def test_ingest_imports_only_downwards_and_nothing_impure() -> None:
    assert {name_of(path): names for path in modules("ingest") if (names := upward(path, "ingest", INGEST))} == {}
    assert {name_of(path): found for path in modules("ingest") if (found := impure(path))} == {}


def impure(path: Path) -> set[str]:
    """Return what a file imports of the modules that reach the network, the clock or a service, whole or in part."""
    heads = {head for name in imports(path) for head in accumulate(name.split("."), "{}.{}".format)}
    return heads & IMPURE


def test_workers_import_only_downwards() -> None:
    assert {name_of(path): names for path in modules("workers") if (names := upward(path, "workers", WORKERS))} == {}


def test_deploy_and_workers_do_not_import_each_other() -> None:
    down = {(name_of(p), n) for p in modules("workers") for n in imports(p) if n.startswith("deploy")}
    assert {(file, ".".join(name.split(".")[:2])) for file, name in down} == {LAZY}
    assert {(name_of(p), n) for p in modules("deploy") for n in imports(p) if n.startswith("workers")} == set()


def test_ingest_reads_no_clock_and_no_file() -> None:
    readers = [path for path in modules("ingest") if room(path, "ingest") != DISK_READER]
    assert {name_of(path): calls for path in readers if (calls := called(path) & CLOCK_AND_FILES)} == {}


def called(path: Path) -> set[str]:
    """Return the functions that a file calls, as it writes them: of a method, its object's name too."""
    found = (node.func for node in nodes(path) if isinstance(node, ast.Call))
    return {text for function in found if (text := written(function))}


def written(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return f"{function.value.id}.{function.attr}" if isinstance(function.value, ast.Name) else ""
    return function.id if isinstance(function, ast.Name) else ""


def test_only_http_opens_connections_to_the_outside() -> None:
    web = {"pycurl", "requests", "httpx", "aiohttp", "urllib.request", "http.client", "urllib3"}
    users = {name_of(p) for p in modules("workers") if web & set(imports(p))}
    assert users == {f"workers/web/{name}.py" for name in ("http", "failure", "handle")}


def test_only_settings_the_health_check_and_the_terminals_module_read_the_environment() -> None:
    readers = {p.name for p in modules("workers") if any(map(reads_environment, nodes(p)))}
    assert readers == {"settings.py", "health.py", "terminal.py"}


def test_a_newcomer_sees_at_most_twelve_files_and_eight_rooms() -> None:
    entries = [p for p in (ROOT / "workers").iterdir() if p.name != "__pycache__"]
    assert len([p for p in entries if p.is_file()]) <= 12
    assert {p.name for p in entries if p.is_dir()} == ADAPTERS | {"steps", "cli", "metrics", "desk"}
