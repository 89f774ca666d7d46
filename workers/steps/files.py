"""Paths to entries: text files, saved web pages, WARC files, folders of them. One file at a time is in memory."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ingest.files import warc
from ingest.files.saved import saved_from
from ingest.model import Entry, Page

MAX_BYTES: Final = 10 * 2**20
"""Bytes of a text or a saved page; as of a fetch."""
TYPES: Final = {".txt": "text/plain", ".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml"}
ARCHIVES: Final = (".warc", ".warc.gz")
KNOWN: Final = (*TYPES, *ARCHIVES)
"""How the names of files end that are read out of a folder."""

DOCUMENTS: Final = (".doc", ".docx", ".epub", ".md", ".mht", ".mhtml", ".odt", ".pdf", ".rtf")
"""How the names of files end that a folder of texts may hold, and that are not read."""

NO_TEXT: Final = (b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0", b"{\\rtf")
"""How documents of word processors, and PDF, begin."""


@dataclass(slots=True)
class Position:
    """How many bytes of some files have been read."""

    read: int = 0


def entries(path: Path, now: datetime, position: Position | None = None) -> Iterator[Entry | str]:
    """Yield an entry with its page for each article of a file or below a folder, and a sentence for each fault.

    A file named by itself is read whatever it is called, as text if its name does not say otherwise. `position` is
    moved on as bytes are read.
    """
    position = position or Position()
    if not path.is_dir():
        yield from _of_file(path, now, position)
        return
    for file in _below(path):
        if isinstance(file, OSError):
            yield f"{file.filename}: {file.strerror or file}"
        elif not file.resolve().is_relative_to(path.resolve()):
            yield f"{file}: a link out of the folder is not followed"
        else:
            yield from _of_file(file, now, position)


def size(path: Path) -> int:
    """Return the bytes of a file, or of the files below a folder that are read, as far as they can be seen."""
    files = _below(path) if path.is_dir() else iter((path,))
    return sum(file.stat().st_size for file in files if not isinstance(file, OSError) and file.is_file())


def passed_over(path: Path) -> Counter[str]:
    """Return how many documents below a folder are not read, by the ends of their names."""
    files = _below(path, DOCUMENTS) if path.is_dir() else iter(())
    return Counter(f".{file.name.lower().rpartition('.')[2]}" for file in files if isinstance(file, Path))


def _below(folder: Path, ends: tuple[str, ...] = KNOWN) -> Iterator[Path | OSError]:
    """Yield the files of these kinds below a folder, in order of name, and an error for each folder that is closed.

    Links to folders are not entered.
    """
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names) if name.lower().endswith(ends))
    yield from closed


def _of_file(file: Path, now: datetime, position: Position) -> Iterator[Entry | str]:
    before = position.read
    if not file.is_file():
        yield f"{file}: no file, or one that is read once only"
        return
    try:
        if file.name.lower().endswith(ARCHIVES):
            with file.open("rb") as stream:
                for found in warc.entries(stream, now):
                    position.read = before + stream.tell()
                    yield f"{file}: {found}" if isinstance(found, str) else found
        else:
            position.read = before + file.stat().st_size
            yield _of_page(file, now)
    except OSError as error:
        yield f"{file}: {error.strerror or error}"


def _of_page(file: Path, now: datetime) -> Entry | str:
    """Return a text file or a saved page as an entry; a later change of the file is a change of the article.

    A saved page that tells where it is from is that page, of unknown age: what is known of it already stays.
    """
    content_type = TYPES.get(file.suffix.lower(), "text/plain")
    with file.open("rb") as stream:
        body, changed = stream.read(MAX_BYTES + 1), datetime.fromtimestamp(os.fstat(stream.fileno()).st_mtime, UTC)
    if len(body) > MAX_BYTES:
        return f"{file}: more than {MAX_BYTES} bytes"
    if body.startswith(NO_TEXT):
        return f"{file}: a document of another program; save it as text (.txt, UTF-8) or as a web page (.html)"
    original = saved_from(body) if content_type != "text/plain" else ""
    url = original or file.resolve().as_uri()
    page = Page(url, 200, (("Content-Type", content_type),), body, now)
    return Entry(url, updated_at=None if original else changed, page=page)
