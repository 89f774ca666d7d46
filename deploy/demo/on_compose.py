"""`make demo-compose`: the demo on the real Docker engine; KEEP=1 leaves the containers running."""

import json
import os
import sys
from collections.abc import Sequence
from typing import Final

from deploy.demo.newsroom import UPDATE, Newsroom
from deploy.demo.project import NEWSROOM_PORT, Project, missing
from deploy.demo.proof import Proof

ASK: Final = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=30)"


def main() -> int:
    """Return the exit code."""
    if why := missing():
        print(f"There is no Docker engine to be used here ({why}). `make demo` needs none.", file=sys.stderr)
        return 2
    project = Project("warraq-demo")
    try:
        started = project.compose("up", "--detach", "--wait")
        if started.returncode:
            print(started.stderr[-3000:], file=sys.stderr)
            return 1
        problems = show(project)
    finally:
        if os.environ.get("KEEP") != "1":
            project.compose("down", "--volumes")
    print(*(f"WRONG: {problem}" for problem in problems), "All as expected" if not problems else "", sep="\n")
    return int(bool(problems))


def show(project: Project) -> list[str]:
    """Have the newsroom ingested, corrected, ingested again and searched; return what is wrong."""
    newsroom = Newsroom(NEWSROOM_PORT, project.started_at)  # the one in the container serves the same
    print(project.warraq("ingest", *newsroom.feeds(), "/texts").stdout)
    proof = Proof(project_url(project), reader_key(project))
    problems = proof.compare(newsroom.expected())
    newsroom.publish_update()
    correct(project, newsroom.feeds())
    problems += proof.compare(newsroom.expected())
    for search in newsroom.searches():
        problems += proof.search(search) + (proof.story(search) if search.one_story else [])
    return problems


def correct(project: Project, feeds: Sequence[str]) -> None:
    """Have the newsroom in its container correct its story, and the feeds read again."""
    url = f"http://127.0.0.1:{NEWSROOM_PORT}{UPDATE}"  # by its number: outside of libcurl `*.localhost` is no address
    asked = project.compose("exec", "--no-TTY", "newsroom", "python", "-c", ASK, url)
    if asked.returncode:
        raise RuntimeError(f"the newsroom does not publish its correction: {asked.stderr[-500:]}")
    project.warraq("ingest", *feeds)


def reader_key(project: Project) -> str:
    """Return the key that `warraq keys` prints."""
    return str(json.loads(project.warraq("keys", "--json").stdout)["reader_key"])


def project_url(project: Project) -> str:
    """Return where this machine sees the project's Elasticsearch."""
    return f"http://127.0.0.1:{project.elasticsearch_port}"


if __name__ == "__main__":
    sys.exit(main())
