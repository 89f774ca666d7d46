"""Questions to the engine and to a project on it."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, Final

from deploy.demo.on_compose import project_url, reader_key
from deploy.demo.project import Project

WORKERS: Final = ("control", "poll", "fetch", "process", "index", "upkeep", "beat")
SERVICES: Final = (*WORKERS, "flower", "desk", "redis", "elasticsearch")
PATIENCE_S: Final = 180.0
"""For what comes by itself: generous, because a limit that a busy machine passes is a test that fails for nothing."""


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.strip()


def container(project: Project, service: str) -> str:
    return project.compose("ps", "--all", "--quiet", service).stdout.split()[0]


def state(project: Project, service: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(docker("inspect", "--format", "{{json .State}}", container(project, service)))
    return found


def healthy(project: Project, service: str) -> bool:
    return bool(state(project, service)["Health"]["Status"] == "healthy")


def image(project: Project, service: str) -> str:
    return docker("inspect", "--format", "{{.Image}}", container(project, service))


def kill_inside(project: Project, service: str) -> None:
    """`kill -9` of all that runs in the container: what its restart policy is for, unlike `docker kill`."""
    project.compose("exec", "--no-TTY", service, "sh", "-c", "kill -9 -1")


def up(project: Project, *options: str) -> None:
    """Start what is not running, and wait until all is healthy."""
    started = project.compose("up", "--detach", "--wait", *options)
    assert started.returncode == 0, started.stderr[-2000:]


def until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, f"waited {PATIENCE_S:.0f} s in vain: {what}"
        time.sleep(0.5)


def asked(url: str, header: str = "", data: bytes | None = None) -> tuple[int, bytes]:
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    if header:
        request.add_header("Authorization", header)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def titles(project: Project, prefix: str, reader: str = "") -> list[str]:
    """Return the titles of all documents that begin so, with those that are there twice twice."""
    body = {"query": {"match_all": {}}, "size": 10_000, "_source": ["title"]}
    key = f"ApiKey {reader or reader_key(project)}"
    asked(f"{project_url(project)}/news/_refresh", key)
    status, answer = asked(f"{project_url(project)}/news/_search", key, json.dumps(body).encode())
    assert status == 200, answer
    found = [hit["_source"]["title"] for hit in json.loads(answer)["hits"]["hits"]]
    return sorted(title for title in found if title.startswith(prefix))
