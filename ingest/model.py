"""The vocabulary of the project as frozen values: Source, Entry, Page, Article; a field carries its mapping."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final

from ingest.mappings import ARABIC_TEXT, ARABIC_TITLE, COUNT, DATE, KEYWORD, YES_NO, mapping, stored
from ingest.quality import Quality
from ingest.unknown import KeepsUnknown

TRUNCATED: Final = "X-Warraq-Truncated"  # header of our own, stored with a page that lacks its end: why
FILES: Final = "files"  # the kind of a source that is a file or a folder: a command reads it, nobody can poll it
REVISIT_HOURS: Final = (1, 6, 24, 168)  # most edits come early


@dataclass(frozen=True, slots=True)
class Source:
    """A place that lists news."""

    id: str = stored(KEYWORD)
    """Hash of the address that it was added under; it stays when the source moves."""
    kind: str = stored(KEYWORD)
    """FILES, or one of `ingest.discover.KINDS`, such as `feed`; `site` = search the site for its listing."""
    url: str = stored(KEYWORD)
    """What is polled: a feed, a sitemap, an index page."""
    name: str = stored(KEYWORD, default="")
    """What people call it; its host where nothing else was given."""
    timezone: str = stored(KEYWORD, default="UTC")
    """IANA name: what a date on its pages means when it names no zone."""
    interval_s: int = stored(COUNT, default=600)
    """Minimum seconds between polls, which its rhythm lengthens; 0 = read once, on request."""
    paused: bool = stored(YES_NO, default=False)
    """Not polled until somebody says so; its settings stay."""
    home: str = stored(KEYWORD, default="")
    """The site on which its listing was found; empty if the listing itself was given."""
    full_text: bool = stored(YES_NO, default=False)
    """Whether its feed carries whole articles, which are then indexed from there without a fetch."""
    licensed: bool = stored(YES_NO, default=False)
    """We may keep and index its texts whatever its pages reserve: by an agreement, or because the site is our own."""
    owner: str = stored(KEYWORD, default="")
    """Who owns it, where several of the sources have one owner: of a story, their articles are one voice."""
    languages: tuple[str, ...] = stored(KEYWORD, default=())
    """ISO 639 codes of what is indexed of it, as `ar`; pages in others are rejected as `language`. Empty = any."""
    selector: str = stored(KEYWORD, default="")
    """CSS selector of an index page's links to articles, or of the elements around them; empty = links are scored."""
    since_days: int = stored(COUNT, default=30)
    """Entries dated longer ago are not admitted; 0 = however old (an archive's crawl)."""
    pages: int = stored(COUNT, default=1)
    """How many pages of an index or a paged feed are read in one round, as long as each brings something new."""
    revisit_hours: tuple[float, ...] = stored({"type": "float"}, default=REVISIT_HOURS)
    """Ages at which its articles are looked at again; empty = never."""
    deletions: bool = stored(YES_NO, default=True)
    """Whether its articles are gone when their pages are; false = it hides them from us, or moves them."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a fetch brought: bytes as they came, decompressed."""

    url: str
    """The final URL, after redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    moved_to: str = ""
    """Where redirects for good (301, 308) led, if the first was one; '' otherwise."""

    def header(self, name: str) -> str:
        """Return the last value of a header, or ''."""
        wanted = name.lower()
        return next((v for k, v in reversed(self.headers) if k.lower() == wanted), "")

    @property
    def truncated(self) -> bool:
        """Whether it lacks its end, as its archive says."""
        return bool(self.header(TRUNCATED))


@dataclass(frozen=True, slots=True)
class Entry(KeepsUnknown):
    """One item that a source lists, and what the listing says of it."""

    url: str
    """The item's address as listed, before it is made canonical."""
    title: str = ""
    """Headline, as plain text."""
    summary: str = ""
    """Teaser, as plain text."""
    published_at: datetime | None = None
    """When the listing says it was published."""
    updated_at: datetime | None = None
    """When the listing says it last changed; a later value than before brings the article back."""
    language: str = ""
    """Language code as written: `ar`, `ar-EG`; the item's own, else the feed's."""
    authors: tuple[str, ...] = ()
    """Names, as the listing gives them."""
    tags: tuple[str, ...] = ()
    """Categories and keywords of the item."""
    image: str = ""
    """Absolute http(s) address of its picture; never fetched."""
    page: Page | None = field(default=None, repr=False)
    """The page itself, where the listing carries it (text files, a full-text feed); the ledger does not keep it."""
    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    """Fields of another version."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a page reserves; `ingest/policy/rights.py` reads and obeys it."""

    robots: tuple[str, ...] = stored(KEYWORD, default=())
    """Directives of X-Robots-Tag and meta robots that apply to us."""
    tdm_reserved: bool = stored(YES_NO, default=False)
    """Whether text and data mining is reserved (TDM Reservation Protocol)."""
    tdm_policy: str = stored(KEYWORD, default="")
    """Address of the policy that says on which terms it may be mined."""
    basis: str = stored(KEYWORD, default="")
    """`licence` if the operator has the right to the whole text, whatever the page reserves."""


@dataclass(frozen=True, slots=True)
class Article(KeepsUnknown):
    """What the page says: first as published, then clean."""

    id: str = stored(KEYWORD)
    """Hash of the canonical URL; also the id of its record and of its stored page."""
    url: str = stored(KEYWORD)
    """Canonical form of the address that the page came from, after redirects."""
    title: str = stored(ARABIC_TITLE)
    """Headline."""
    body: str = stored(ARABIC_TEXT)
    """The text, a line for each paragraph; left out where the page reserves it."""
    summary: str = stored(ARABIC_TEXT, default="")
    """The page's own description, else the listing's."""
    caption: str = stored(ARABIC_TEXT, default="")
    """Caption of the main picture."""
    authors: tuple[str, ...] = stored(KEYWORD, default=())
    """Persons who sign it."""
    published_at: datetime | None = stored(DATE, default=None)
    """When it was published, in the zone in which that was written."""
    modified_at: datetime | None = stored(DATE, default=None)
    """When it was last changed, where the page or the listing says so."""
    section: str = stored(KEYWORD, default="")
    """The site's section: «اقتصاد»."""
    tags: tuple[str, ...] = stored(KEYWORD, default=())
    """Keywords and topics, as the page or the listing gives them."""
    image: str = stored(KEYWORD, default="")
    """Address of the main picture."""
    language: str = stored(KEYWORD, default="")
    """Language code of the page, else of the listing: `ar`, `ar-EG`."""
    site: str = stored(KEYWORD, default="")
    """The site's name as the page gives it."""
    canonical_url: str = stored(KEYWORD, default="")
    """The address that the page itself calls canonical."""
    host: str = stored(KEYWORD, default="")
    """Host of the URL."""
    source_id: str = stored(KEYWORD, default="")
    """Id of the source that listed it first."""
    words: int = stored(COUNT, default=0)
    """Words of the body, separated by white space."""
    charset: str = stored(KEYWORD, default="")
    """Encoding in which the page was read."""
    undecoded: int | None = stored(COUNT, default=None)
    """Byte sequences that are invalid in that charset and were replaced by U+FFFD; None if there were none."""
    admitted_at: datetime | None = stored(DATE, default=None)
    """When the ledger first knew its URL."""
    fetched_at: datetime | None = stored(DATE, default=None)
    """When the page was fetched."""
    rights: Rights | None = stored(mapping(Rights), default=None)
    """What the page reserves; None if nothing."""
    subtitle: str = stored(ARABIC_TEXT, default="")
    """The line below or above the headline."""
    agencies: tuple[str, ...] = stored(KEYWORD, default=())
    """News agencies and desks that sign it: «رويترز», «فريق التحرير»."""
    credit: str = stored(KEYWORD, default="")
    """Credit line of the picture."""
    published_precision: str = stored(KEYWORD, default="")
    """`second`, `minute` or `day`: the precision with which published_at was written."""
    direction: str = stored(KEYWORD, default="")
    """`rtl` or `ltr`."""
    provenance: tuple[str, ...] = stored(KEYWORD, default=())
    """Where a value was found: `title=h1`, `published_at=json-ld`, `published_at=listing`."""
    truncated: bool | None = stored(YES_NO, default=None)
    """True if its page was cut off when it was archived: the body may lack its end; fetched once a source lists it."""
    revisions: int | None = stored(COUNT, default=None)
    """How often it was seen changed, gone or back since; each is in `news-revisions`. None = never."""
    revised_at: datetime | None = stored(DATE, default=None)
    """When its last edit was seen."""
    first_title: str = stored(ARABIC_TITLE, default="")
    """The headline under which it was first seen, if it has another one now."""
    gone_at: datetime | None = stored(DATE, default=None)
    """When its site no longer had it; None while it has."""
    quality: Quality | None = stored(
        {"properties": {part.name: part.metadata["mapping"] for part in fields(Quality)}}, default=None
    )
    """Numbers to judge the extraction by."""
    unknown: Mapping[str, Any] = field(default_factory=dict, repr=False, hash=False)
    """Fields of another version."""
