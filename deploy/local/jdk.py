"""Finds a JDK that Elasticsearch 9 can run on."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

OLDEST = 21
# What Elasticsearch 9.4's module graph names; a JRE, or one cut down with jlink, lacks some and fails at the start.
MODULES = frozenset(
    [
        "java.compiler",
        "java.desktop",
        "java.instrument",
        "java.net.http",
        "jdk.attach",
        "jdk.incubator.vector",
        "jdk.jdi",
        "jdk.jlink",
        "jdk.management.agent",
        "jdk.net",
    ]
)


def find(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the first usable JDK of the candidates."""
    return next((home for home in candidates(environ) if is_usable(home)), None)


def candidates(
    environ: Mapping[str, str], folders: Iterable[Path] = (Path("/usr/lib/jvm"), Path("/opt"))
) -> list[Path]:
    """List candidate JDKs: the named ones first, then the usual folders (newest name first), the PATH last."""
    named = [Path(environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if environ.get(name)]
    usual = [home for folder in folders for home in sorted(folder.glob("*"), reverse=True)]
    java = shutil.which("java", path=environ.get("PATH"))
    on_path = [Path(java).resolve().parents[1]] if java else []
    found = [home for home in [*named, *usual, *on_path] if (home / "bin" / "java").is_file()]
    return list(dict.fromkeys(home.resolve() for home in found))


def is_usable(home: Path) -> bool:
    """Return whether Elasticsearch can run on it.

    The version is read from the file `release` (cheap); the modules are asked of java itself, because a JRE's `release`
    lists modules which it does not have.
    """
    release = home / "release"
    version = re.search(r'JAVA_VERSION="(\d+)', release.read_text(errors="replace")) if release.is_file() else None
    if version and int(version[1]) < OLDEST:
        return False
    try:
        done = subprocess.run(
            [str(home / "bin" / "java"), "--list-modules"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    present = dict(line.partition("@")[::2] for line in done.stdout.split())
    major = re.match(r"\d+", present.get("java.base", ""))
    return major is not None and int(major[0]) >= OLDEST and present.keys() >= MODULES
