"""`python -m tests.compose.measure [PART…]`: the tables of docs/operations.md, measured on this machine's engine."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from deploy.demo.project import Project, missing
from tests.compose.conftest import Texts
from tests.compose.engine import SERVICES, container, docker, kill_inside, titles, up

ARTICLES: Final = 300
STOPS: Final = 12


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
    """Start from nothing, with fresh volumes, and with yesterday's."""
    yield "| start | seconds |\n|---|---|"
    yield f"| from nothing, with the build of the image | {timed(lambda: up(project, '--build')):.0f} |"
    project.compose("down", "--volumes")
    yield f"| with fresh volumes | {timed(lambda: up(project)):.0f} |"
    project.compose("down")
    yield f"| with the data of the last run | {timed(lambda: up(project)):.0f} |"
    yield f"| again, when all is running | {timed(lambda: up(project)):.0f} |"


def killed(project: Project, texts: Texts) -> Iterator[str]:
    """Kill each container among its work: by `kill -9` inside, and by `docker kill` with `up` after it."""
    up(project)
    yield "\n| killed, 300 articles under way | admitted | lost | doubled | seconds until done |\n|---|---|---|---|---|"
    for service in SERVICES:
        yield row(project, texts, f"{service}: kill -9", partial(kill_inside, project, service))
        yield row(project, texts, f"{service}: docker kill, up", partial(kill_and_up, project, service))


def kill_and_up(project: Project, service: str) -> None:
    """Do what a person can do to a container, and what brings it back."""
    docker("kill", container(project, service))
    up(project)


def row(project: Project, texts: Texts, name: str, fault: Callable[[], object]) -> str:
    """Admit articles, do something, wait until all have ended; count."""
    folder = name.translate(str.maketrans("", "", " :,-"))
    wanted = texts.add(folder, ARTICLES)
    project.warraq("ingest", f"/texts/{folder}", "--timeout", "0")
    began = time.monotonic()
    fault()
    project.warraq("ingest", f"/texts/{folder}")
    seconds = time.monotonic() - began
    found = titles(project, folder)
    lost, doubled = len(set(wanted) - set(found)), len(found) - len(set(found))
    return f"| {name} | {len(wanted)} | {lost} | {doubled} | {seconds:.0f} |"


def stops(project: Project, texts: Texts) -> Iterator[str]:
    """Take everything down among its work, again and again."""
    up(project)
    took = []
    for turn in range(STOPS):
        texts.add(f"stop{turn}", ARTICLES)
        project.warraq("ingest", f"/texts/stop{turn}", "--timeout", "0")
        took.append(timed(lambda: project.compose("down")))
        up(project)
    within = sum(seconds < 10 for seconds in took)
    yield f"\n`down` under load: {within} of {STOPS} under 10 s; the longest took {max(took):.1f} s"


def timed(do: Callable[[], object]) -> float:
    """Return how many seconds it took."""
    began = time.monotonic()
    do()
    return time.monotonic() - began


PARTS: Final[dict[str, Callable[[Project, Texts], Iterator[str]]]] = {
    "starts": starts,
    "killed": killed,
    "stops": stops,
}

if __name__ == "__main__":
    main()
