"""`warraq` in a process of its own that need not import everything first: it is forked from one that has.

An import takes a second, most commands less, and the stack tests give a hundred of them.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing import forkserver
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

FORKS: Final = multiprocessing.get_context("forkserver")
TIMEOUT_S: Final = 180


def preload(environment: Mapping[str, str]) -> None:
    """Start the process that commands are forked from; some of the environment is read at import."""
    FORKS.set_forkserver_preload(["workers.cli", __name__])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        forkserver.ensure_running()


def warraq(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command and return what it printed, with its exit code."""
    with TemporaryDirectory() as folder:
        outputs = Path(folder, "stdout"), Path(folder, "stderr")
        process = FORKS.Process(target=_command, args=(arguments, *map(str, outputs)))
        process.start()
        process.join(TIMEOUT_S)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(["warraq", *arguments], TIMEOUT_S)
        code, (out, err) = process.exitcode, (file.read_text(encoding="utf-8") for file in outputs)
        process.close()
    return subprocess.CompletedProcess(["warraq", *arguments], code, out, err)


def _command(arguments: tuple[str, ...], *outputs: str) -> None:
    for number, file in enumerate(outputs, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["warraq", *arguments]

    from workers.cli import main  # noqa: PLC0415  # in this process alone
    from workers.settings import settings  # noqa: PLC0415

    settings.cache_clear()  # the stack may have been started anew since they were read
    main()
