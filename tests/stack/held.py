"""Which stores hold some words, byte for byte in their files."""

import gzip
import random
import string
from collections.abc import Iterable
from pathlib import Path


def rare_word(chance: random.Random) -> str:
    """Return a word that compression keeps whole: no four letters of it stand anywhere else."""
    return "".join(chance.choices(string.ascii_letters + string.digits, k=24))


def holding(folder: Path, words: Iterable[str]) -> set[str]:
    """Return the stores below a data folder in whose files any of some words stands."""
    sought = [word.encode() for word in words]
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).parts[0] for file in files if any(word in _text_of(file) for word in sought)}


def _text_of(file: Path) -> bytes:
    try:
        data = file.read_bytes()
        return gzip.decompress(data) if file.name.endswith(".gz") else data
    except FileNotFoundError:  # a segment that has just been merged away
        return b""
