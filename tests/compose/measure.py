"""`python -m tests.compose.measure [PART…]`: the tables of docs/operations.md, measured on this machine's engine."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from deploy.demo.project import FILES, Project, missing
from tests.compose.conftest import Texts
from tests.compose.engine import SERVICES, WORKERS, container, docker, kill_inside, titles, up

ARTICLES: Final = 300
STOPS: Final = 12
HEAD: Final = "\n| {} | admitted | lost | doubled | seconds until done |\n|---|---|---|---|---|"


def main() -> None:
    """Print the tables."""
    if why := missing():
        sys.exit(f"no Docker engine: {why}")
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        project = replace(Project("warraq-measure"), settings={"WARRAQ_TEXTS": place})
        try:
            for part in sys.argv[1:] or PARTS:
                for line in PARTS[part](project, Texts(Path(place))):
                    sys.stdout.write(f"{line}\n")
                    sys.stdout.flush()
        finally:
            project.compose("down", "--volumes", "--remove-orphans")


def starts(project: Project, _: Texts) -> Iterator[str]:
    """Start from nothing, with fresh volumes, and with yesterday's: as people do, without the demo's settings."""
    project = replace(project, files=FILES[:1])
    yield "| start | seconds |\n|---|---|"
    yield f"| from nothing, with the build of the image | {timed(lambda: up(project, '--build')):.0f} |"
    project.compose("down", "--volumes")
    yield f"| with fresh volumes | {timed(lambda: up(project)):.0f} |"
    project.compose("down")
    yield f"| with the data of the last run | {timed(lambda: up(project)):.0f} |"
    yield f"| again, when all is running | {timed(lambda: up(project)):.0f} |"


def killed(project: Project, texts: Texts) -> Iterator[str]:
    """Kill all that runs in each container among its work; the engine starts it again."""
    up(project)
    yield HEAD.format("`kill -9` in")
    for service in SERVICES:
        yield row(project, texts, service, partial(kill_inside, project, service))


def engine(project: Project, texts: Texts) -> Iterator[str]:
    """Kill each container through the engine, which leaves it dead, and call `up`."""
    up(project)
    yield HEAD.format("`docker kill`, then `up`")
    for service in SERVICES:
        yield row(project, texts, f"engine-{service}", partial(kill_and_up, project, service))


def kill_and_up(project: Project, service: str) -> None:
    """Do what a person can do to a container, and what brings it back."""
    docker("kill", container(project, service))
    up(project)


def row(project: Project, texts: Texts, name: str, fault: Callable[[], object]) -> str:
    """Admit articles, do something, wait until all have ended; count."""
    wanted = texts.add(name, ARTICLES)
    project.warraq("ingest", f"/texts/{name}", "--timeout", "0")
    began = time.monotonic()
    fault()
    project.warraq("ingest", f"/texts/{name}")
    seconds = time.monotonic() - began
    found = titles(project, f"{name} ")
    lost, doubled = len(set(wanted) - set(found)), len(found) - len(set(found))
    return f"| {name} | {len(wanted)} | {lost} | {doubled} | {seconds:.0f} |"


def stops(project: Project, texts: Texts) -> Iterator[str]:
    """Stop all workers among their work, again and again."""
    up(project)
    took = []
    for turn in range(STOPS):
        texts.add(f"stop{turn}", ARTICLES)
        project.warraq("ingest", f"/texts/stop{turn}", "--timeout", "0")
        took.append(timed(lambda: project.compose("stop", *WORKERS, "flower")))
        project.compose("start", *WORKERS, "flower")
    within = sum(seconds < 10 for seconds in took)
    yield f"\nworkers stopped under load: {within} of {STOPS} under 10 s; the longest took {max(took):.1f} s"
    yield f"`down`: {timed(lambda: project.compose('down')):.1f} s"


def timed(do: Callable[[], object]) -> float:
    """Return how many seconds it took."""
    began = time.monotonic()
    do()
    return time.monotonic() - began


PARTS: Final[dict[str, Callable[[Project, Texts], Iterator[str]]]] = {
    "starts": starts,
    "killed": killed,
    "engine": engine,
    "stops": stops,
}

if __name__ == "__main__":
    main()
