"""The Lua scripts beside this file. Each is atomic and reads Redis' own clock; times are in milliseconds."""

from functools import cache
from importlib.resources import files
from typing import Final

PRELUDE: Final = "prelude"
"""Local functions that every script begins with."""


@cache
def load(name: str) -> str:
    """Return the text of `<name>.lua` after the prelude. It works from a wheel too: the files are package data."""
    folder = files(__package__)
    return "".join((folder / f"{part}.lua").read_text("utf-8") for part in (PRELUDE, name))
