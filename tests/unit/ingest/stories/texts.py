"""Made-up texts for the tests of stories."""

import random
from datetime import UTC, datetime, timedelta

from ingest.stories.fingerprint import About, Fingerprint, fingerprint

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SYLLABLES = ("با", "دم", "سر", "قل", "نور", "ميا", "حد", "فصل", "كتا", "زه", "طر", "عو")


def prose(seed: int, words: int = 120) -> list[str]:
    """Return words that no other seed has in the same order."""
    rnd = random.Random(seed)
    return ["".join(rnd.choices(SYLLABLES, k=3)) for _ in range(words)]


def told(key: str, body: str, minutes: float = 0, title: str = "", **about: object) -> Fingerprint:
    """Return the fingerprint of an article published some minutes after noon, by its id's first letter."""
    at = NOON + timedelta(minutes=minutes)
    known = {"id": key, "index": "news-articles-2026.11", "version": 1, "publisher": key[0], "at": at}
    return fingerprint(About(**(known | about)), title, body)  # type: ignore[arg-type]
