"""What is kept of an article to compare it with those that come after it, and what it is in its story."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ingest.mappings import COUNT, DATE, KEYWORD, OPAQUE, SHARE, stored
from ingest.stories.relation import Relation, Text, relation, text_of
from ingest.stories.shingles import in_order, packed, sample, unpacked

KEPT: Final[Mapping[str, Any]] = {"type": "keyword", "index": False, "doc_values": False}
"""Only kept: nobody searches for it."""
LONG: Final[Mapping[str, Any]] = {"type": "long"}
RULES: Final = 3
"""Raised when texts are compared in another way: `warraq stories rebuild` then compares all articles again."""
SHARED: Final = 2
"""Sampled shingles that two articles have in common, at least, to be compared."""
ASKED: Final = 20
"""Samples that are asked for, the smallest: a search costs what its terms cost, and half a text shows in these too."""
ASKED_OPENING: Final = 8
"""Samples of its first words that are asked for besides: what a long text takes over whole is mostly its beginning."""
SURE: Final = 20
"""Samples from which their shares say enough of the texts' for leaving a pair out,"""
UNLIKELY: Final = 0.3
"""if they share less than this: of two texts that share two thirds, two in ten thousand pairs do."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What an article is in its story. Derived from the articles there are: rebuilt when it is lost."""

    story: str = stored(KEYWORD)
    """Id of the story: that of its first article, as far as is known now. An article alone is a story of one."""
    story_role: str = stored(KEYWORD, default="")
    """`first`, `copy` (the same text) or `version` (edited, shortened, or longer); empty of an article alone."""
    copied_from: str = stored(KEYWORD, default="")
    """Id of the earlier article that its text is most like; empty of the first."""
    similarity: float | None = stored(SHARE, default=None)
    """Share of the shorter of the two texts that stands in both."""
    agency_by: str = stored(KEYWORD, default="")
    """How it is known whose text it is: `credit` (it says so) or `content` (another copy of it says so)."""


@dataclass(frozen=True, slots=True)
class Link:
    """An earlier article, in the version that was compared, and what this one has to do with it."""

    id: str
    """Id of the other article."""
    version: int
    """The version of it that was compared."""
    relation: Relation
    """How alike the two are, and whether they are one story."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of one article, in one version."""

    id: str = stored(KEYWORD)
    """Id of the article."""
    index: str = stored(KEYWORD)
    """The index that its document is in."""
    version: int = stored(LONG)
    """Version of the document."""
    publisher: str = stored(KEYWORD)
    """Who publishes it: the owner named in its source, else its site. An owner's papers are one publisher."""
    at: datetime = stored(DATE)
    """When it was published, by its page where that can be believed, else when it was admitted."""
    shingles: tuple[str, ...] = stored(KEYWORD, default=())
    """A sample of its shingles: articles that share some are compared."""
    packed: str = stored(KEPT, default="")
    """All of its shingles: by these they are compared."""
    opening: str = stored(KEPT, default="")
    """Those of its first words: what two articles of one site share besides may be the site's own."""
    size: int = stored(COUNT, default=0)
    """How many they are."""
    counted: Mapping[str, int] = stored(OPAQUE, default_factory=dict)
    """Which one of several it is about: the third plane, not the fourth."""
    numbers: tuple[str, ...] | None = stored(KEPT, default=None)
    """The numbers in a bulletin; None if it is none."""
    byline: tuple[str, ...] = stored(KEPT, default=())
    """The agencies and desks of its credit line, as its page has them."""
    agencies: tuple[str, ...] = stored(KEYWORD, default=())
    """The news agencies that it names itself."""
    rules: int = stored(COUNT, default=RULES)
    """By which rules it was compared."""
    links: tuple[Link, ...] = stored(OPAQUE, default=())
    """Its relations to the articles that were there before it."""
    credited: tuple[str, ...] = stored(KEPT, default=())
    """The news agencies whose text it is: those that it names itself, else those of the text that it copies."""
    membership: Membership | None = stored(OPAQUE, default=None)
    """What its document says of its story; None as long as it is not grouped."""

    def text(self) -> Text:
        """Return what is compared."""
        numbers = None if self.numbers is None else frozenset(self.numbers)
        return Text(unpacked(self.packed), self.counted, numbers, self.at, self.publisher, unpacked(self.opening))

    def asked(self) -> tuple[str, ...]:
        """Return the samples that others are asked for."""
        opening = sample(in_order(self.opening), of=self.size)[:ASKED_OPENING]
        return tuple(dict.fromkeys((*self.shingles[:ASKED], *opening)))


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an article besides its text."""

    id: str
    index: str
    version: int
    publisher: str
    at: datetime
    byline: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


def fingerprint(about: About, title: str, body: str) -> Fingerprint:
    """Return the fingerprint of an article that is not grouped yet."""
    text = text_of(title, body, about.at, about.publisher)
    ordered = sorted(text.shingles)
    return Fingerprint(
        id=about.id,
        index=about.index,
        version=about.version,
        publisher=about.publisher,
        at=about.at,
        shingles=sample(ordered),
        packed=packed(ordered),
        opening=packed(sorted(text.opening)),
        size=len(ordered),
        counted=text.counted,
        numbers=None if text.numbers is None else tuple(sorted(text.numbers)),
        byline=about.byline,
        agencies=about.agencies,
    )


def links(fresh: Fingerprint, others: Iterable[Fingerprint]) -> tuple[Link, ...]:
    """Return the links of a new article to those of some others that are one story with it."""
    candidates = list(near(fresh, others))
    if not candidates:
        return ()
    text = fresh.text()
    found = ((other, relation(text, other.text())) for other in candidates)
    return tuple(Link(other.id, other.version, one) for other, one in found if one.kind != "none")


def near(fresh: Fingerprint, others: Iterable[Fingerprint]) -> Iterator[Fingerprint]:
    """Yield those of some others that may be one story with an article, by their samples alone."""
    samples, asked = frozenset(fresh.shingles), fresh.asked()
    for other in others:
        if other.id != fresh.id and _may_be_alike(samples, other.shingles) and _find_each_other(fresh, asked, other):
            yield other


def _may_be_alike(one: frozenset[str], other: Sequence[str]) -> bool:
    fewest, shared = min(len(one), len(other)), len(one.intersection(other))
    return shared >= SHARED and (fewest < SURE or shared >= UNLIKELY * fewest)


def _find_each_other(one: Fingerprint, asked: Sequence[str], other: Fingerprint) -> bool:
    """Tell whether either finds the other, whichever came later: what only one of them finds depends on their order."""
    return (
        len(frozenset(other.shingles).intersection(asked)) >= SHARED
        and len(frozenset(one.shingles).intersection(other.asked())) >= SHARED
    )
