"""The feeds that people follow, in a file: each has an address that cannot be guessed, until somebody ends it."""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from ingest.errors import Permanent

MOST: Final = 500
FILE: Final = "feeds.json"


@dataclass(frozen=True, slots=True)
class Followed:
    """A search that is followed."""

    id: str
    query: str
    """The query string of its page."""
    made_at: str

    @property
    def at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)


FIELDS: Final = tuple(field.name for field in fields(Followed))
"""What is read of the file; another version may have written more."""


class Feeds:
    """What is followed; one process writes it."""

    def __init__(self, folder: Path, key: str) -> None:
        self._file = folder / FILE
        self._signer = URLSafeSerializer(key, salt="feed")
        self._lock = threading.Lock()

    def all(self) -> list[Followed]:
        """Return what is followed, the newest first."""
        return sorted(self._read().values(), key=lambda one: one.made_at, reverse=True)

    def follow(self, query: str, now: datetime) -> Followed:
        """Follow a search; one that is followed already stays as it is. Raises Permanent (`too_many_feeds`)."""
        with self._lock:
            known = self._read()
            if same := next((one for one in known.values() if one.query == query), None):
                return same
            if len(known) >= MOST:
                raise Permanent("too_many_feeds", f"{MOST} feeds are the most")
            made = Followed(token_hex(8), query, now.isoformat())
            self._write({**known, made.id: made})
            return made

    def end(self, key: str) -> None:
        """End a feed: its address answers no more."""
        with self._lock:
            known = self._read()
            known.pop(key, None)
            self._write(known)

    def name(self, one: Followed) -> str:
        """Return the signed name that stands in a feed's address."""
        return str(self._signer.dumps(one.id))

    def named(self, name: str) -> Followed | None:
        """Return the feed of a signed name; None if it is not ours, or has ended."""
        try:
            return self._read().get(self._signer.loads(name))
        except (BadSignature, TypeError):
            return None

    def _read(self) -> dict[str, Followed]:
        if not self._file.exists():
            return {}
        listed = json.loads(self._file.read_text(encoding="utf-8"))
        return {one["id"]: Followed(**{name: one[name] for name in FIELDS}) for one in listed}

    def _write(self, known: Mapping[str, Followed]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps([asdict(one) for one in known.values()], ensure_ascii=False), encoding="utf-8")
        part.replace(self._file)
