"""Bylines into names: «بقلم» and its like stripped, «X وY» split, agencies and desks separated from people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ingest.extract.author_words import (
    AGENCIES,
    AND,
    ARABIC,
    CREDIT,
    DASH,
    DESK,
    FROM,
    LIST,
    LOCATED,
    NO_NAME,
    PARENS,
    PLACES,
    ROLE,
    ROLE_ALONE,
    SENTENCE,
    TITLES,
    WAW_NAMES,
)
from ingest.extract.head import line

NAME: Final = 60
"""Maximum characters of a name; more is a sentence about the author."""
WORDS: Final = 7
LONGEST: Final = 2000
"""Maximum characters of a list of names."""


@dataclass(frozen=True, slots=True)
class Byline:
    """Who signs an article."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    """News agencies and desks: «رويترز», «فريق التحرير», the site itself."""

    def __bool__(self) -> bool:
        return bool(self.people or self.agencies)


def byline(texts: Iterable[str], site: str = "", *, shown: bool = False) -> Byline:
    """Return the names in bylines, each once, in order. `site` is the publication's name, which is no person's.

    `shown` texts may be anything, so Latin names in them must begin with a capital letter.
    """
    names = dict.fromkeys(name for text in texts for name in _names(text) if not shown or _is_capital(name))
    people = [name for name in names if not _is_agency(name, site)]
    return Byline(tuple(people), tuple(name.strip(QUOTES) for name in names if name not in people))


def _names(text: str) -> list[str]:
    text = line(text)
    if len(text) > LONGEST or "http" in text or "www." in text:
        return []
    parts = LIST.split(CREDIT.sub("", text))
    names = [name for part in parts for name in (_arabic if ARABIC.search(part) else _latin)(part)]
    return [name for name in names if 1 < len(name) <= NAME and len(name.split()) <= WORDS and _may_be_name(name)]


def _latin(part: str) -> list[str]:
    bare = line(CREDIT.sub("", part)).strip(EDGES)
    return [ROLE.sub("", bare).strip(EDGES) or bare]


def _arabic(part: str) -> list[str]:
    """Return the names of a signature: «فلان - سبق - الطائف» is a person, a paper and a place."""
    agencies = [text for text in PARENS.findall(part) if _is_agency(text, "")]
    pieces = [CREDIT.sub("", f"{piece} ").strip(EDGES) for piece in DASH.split(PARENS.sub(" ", part))]
    kept = [FROM.sub("", piece) for piece in pieces if not _is_beside(piece)]
    names = [ROLE.sub("", name) for piece in kept for name in _and(piece)]
    whole = [name for name in names if len(pieces) == 1 or " " in name or _is_agency(name, "")] + agencies
    return whole or [f"«{name.strip(QUOTES)}»" for name in names]  # one word beside a place is a paper's name


def _is_beside(piece: str) -> bool:
    return _plain(piece) in _PLACES or bool(ROLE_ALONE.match(piece) or LOCATED.match(piece))


def _is_capital(name: str) -> bool:
    return name[:1].lower() == name[:1].upper() or (name[:1].isupper() and not SENTENCE.search(name))


def _may_be_name(name: str) -> bool:
    return name.lower().strip(".") not in TITLES and name.lower() not in TITLES and not NO_NAME.search(name)


def _and(text: str) -> list[str]:
    """Split «سارة محمود ومنى خالد», but not «أحمد وليد»."""
    for match in AND.finditer(text):
        if not WAW_NAMES.match(text, match.end() - 1):
            return [text[: match.start()], *_and(text[match.end() :])]
    return [text]


def _is_agency(name: str, site: str) -> bool:
    quoted = name[:1] in '«"“' and name[-1:] in '»"”'
    plain = _plain(name)
    return quoted or plain in _AGENCIES or plain == _plain(site) or bool(DESK.search(name.strip(f"{QUOTES}() ")))


def _plain(name: str) -> str:
    return name.translate(FOLD).lower()


QUOTES: Final = '«»"“”'
EDGES: Final = " -–—:|/*•·,،ـ"
FOLD: Final = str.maketrans("أإآى", "اااي", "«»\"“”'(). ")
_AGENCIES: Final = frozenset(map(_plain, AGENCIES))
_PLACES: Final = frozenset(map(_plain, ("", *PLACES)))
