"""As root on Debian: what is missing and lies in its archive is installed, and said. Anywhere else it is only named."""

import os
import shutil
import subprocess
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from deploy.local import prerequisites
from deploy.local.errors import PrerequisitesMissingError
from deploy.local.prerequisites import Found

Run = Callable[[Sequence[str]], bool]


def provide(names: Collection[str], say: Callable[[str], None]) -> Found:
    """Find what the named services need and install what apt has; raise PrerequisitesMissingError for the rest."""
    try:
        return prerequisites.check(names)
    except PrerequisitesMissingError as error:
        if not (may_install() and install(error, say, run)):
            raise
    return prerequisites.check(names)


def may_install() -> bool:
    """Return whether this is root on Debian, or on what descends from it."""
    return os.geteuid() == 0 and Path("/etc/debian_version").is_file() and shutil.which("apt-get") is not None


def install(error: PrerequisitesMissingError, say: Callable[[str], None], run: Run) -> bool:
    """Install one package for each missing thing, the first that the archive has; tell whether any was asked for."""
    wanted = [one.packages for one in error.missing if one.packages]
    if wanted:
        run(("apt-get", "update", "-q"))
    for packages in wanted:
        for package in packages:
            say(f"missing here, and this is root on Debian: apt-get install {package}")
            if run(("apt-get", "install", "-y", "-q", "--no-install-recommends", package)):
                break
    return bool(wanted)


def run(command: Sequence[str]) -> bool:
    """Run apt-get without questions; tell whether it went well."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0
