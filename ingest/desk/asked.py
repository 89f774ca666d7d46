"""What a page of results is asked for, read from its address and written back: every state is a link."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from ingest.desk.words import cleaned
from ingest.query import Sort

PER_PAGE: Final = 20
PAGES: Final = 50
"""Nobody reads on; what needs more is an export."""
VALUES: Final = 20
"""Values of one facet that count."""
FACETS: Final = ("source", "section", "language", "author", "agency")
"""Their names in addresses, in the order in which they are shown."""
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_SORTS: Final = {sort.value: sort for sort in Sort}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as its address has it."""

    text: str = ""
    exact: bool = False
    phrase: bool = False
    sort: Sort = Sort.BEST
    since: str = ""
    """The first day, `2026-07-01`, a time, or how long ago: `7d`."""
    until: str = ""
    """The last day, or a time; '' = until now."""
    each: bool = False
    """Whether each article of a story is shown."""
    source: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    page: int = 1

    @property
    def facets(self) -> dict[str, tuple[str, ...]]:
        """What is chosen, by the name of the facet."""
        return {name: getattr(self, name) for name in FACETS}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the words narrows it."""
        return bool(self.since or self.until or any(self.facets.values()))

    def query_string(self) -> str:
        """Return what stands behind the question mark; what is as usual is left out, so that links stay short."""
        plain = {"q": self.text, "from": self.since, "to": self.until}
        pairs = [(name, value) for name, value in plain.items() if value]
        pairs += [(name, "1") for name in ("exact", "phrase", "each") if getattr(self, name)]
        pairs += [("sort", self.sort.value)] if self.sort is not Sort.BEST else []
        pairs += [(name, value) for name, values in self.facets.items() for value in values]
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return urlencode(pairs)

    def toggled(self, facet: str, value: str) -> "Asked":
        """Return the search with one value of a facet added, or taken away if it is there; its first page."""
        values = self.facets[facet]
        kept = tuple(one for one in values if one != value) if value in values else (*values, value)
        return replace(self, page=1, **{facet: kept})  # type: ignore[arg-type]  # facets are tuples of strings

    def at(self, page: int) -> "Asked":
        """Return another page of the search."""
        return replace(self, page=page)

    def within(self, since: str, until: str) -> "Asked":
        """Return the search within a span of time; its first page."""
        return replace(self, since=since, until=until, page=1)


def read(pairs: Iterable[tuple[str, str]]) -> Asked:
    """Return what the pairs of a query string ask for; what is not understood is as if it were not there.

    Raises Permanent (`query_too_long`).
    """
    many: dict[str, list[str]] = {}
    for name, value in pairs:
        many.setdefault(name, []).append(value.strip())
    one = {name: values[-1] for name, values in many.items()}
    chosen = {name: tuple(dict.fromkeys(filter(None, many.get(name, ()))))[:VALUES] for name in FACETS}
    return Asked(
        text=cleaned(one.get("q", "")),
        exact=one.get("exact") == "1",
        phrase=one.get("phrase") == "1",
        each=one.get("each") == "1",
        sort=_SORTS.get(one.get("sort", ""), Sort.BEST),
        since=one.get("from", "")[:40].translate(_DIGITS),
        until=one.get("to", "")[:40].translate(_DIGITS),
        page=page_of(one.get("page", "")),
        **chosen,
    )


def page_of(text: str) -> int:
    """Return the number of a page as an address has it, 1 for what is none."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < len("1000000") else 1
