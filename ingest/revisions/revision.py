"""Versions of an article, as `news-revisions` keeps them, and what a new one makes of the document."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from ingest.arabic.fold import fold, tokens
from ingest.mappings import ARABIC_TEXT, ARABIC_TITLE, COUNT, DATE, KEYWORD, OPAQUE, stored
from ingest.model import Article
from ingest.revisions.difference import Change
from ingest.revisions.edit import Edit, Kind, edit_of
from ingest.revisions.furniture import without_furniture

LATEST: Final = 200
"""Passages of one edit that are kept; the texts themselves are kept whole."""
SKETCH: Final = 24
"""Hashes of a sketch: two texts that share half of their pairs of words share about as many of these."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of an article, or one thing that happened to it."""

    id: str = stored(KEYWORD)
    """The article's id, a full stop, and its number."""
    article_id: str = stored(KEYWORD)
    """Id of the article, and of its document."""
    number: int = stored(COUNT)
    """0 is the version that was indexed first."""
    kinds: tuple[Kind, ...] = stored(KEYWORD)
    """What kind of change made it of the one before; the most telling first."""
    seen_at: datetime = stored(DATE)
    """When its page was fetched; of what is gone, when that was certain."""
    url: str = stored(KEYWORD)
    """Address of the article."""
    title: str = stored(ARABIC_TITLE)
    """Headline of this version."""
    body: str = stored(ARABIC_TEXT, default="")
    """Its text; '' where the page reserves it, and where the article is gone."""
    caption: str = stored(ARABIC_TEXT, default="")
    """Caption of its main picture."""
    authors: tuple[str, ...] = stored(KEYWORD, default=())
    """Persons who sign it."""
    published_at: datetime | None = stored(DATE, default=None)
    """When it was published, as this version says."""
    modified_at: datetime | None = stored(DATE, default=None)
    """When it was last changed, as this version says."""
    host: str = stored(KEYWORD, default="")
    """Host of the address."""
    source_id: str = stored(KEYWORD, default="")
    """Id of the source that listed the article first."""
    site: str = stored(KEYWORD, default="")
    """The site's name as the page gives it."""
    language: str = stored(KEYWORD, default="")
    """Language code of the article: decides, as for articles, whether words have Arabic stems."""
    changes: tuple[Change, ...] = stored(OPAQUE, default=())
    """The passages that differ from the version before."""


@dataclass(frozen=True, slots=True)
class Next:
    """What a look brought: the document to write, if any, and the versions to keep."""

    article: Article | None = None
    revisions: tuple[Revision, ...] = ()
    edited: bool = False


def next_version(old: Article, new: Article, now: datetime) -> Next:
    """Return what becomes of a document whose page was read again.

    A page that is no newer than the document's was only processed again (`warraq replay`): that is no edit. Nor is a
    text that its page no longer lets us keep, or lets us keep at last.
    """
    was_read_anew = new.fetched_at is None or old.fetched_at is None or new.fetched_at > old.fetched_at
    kept = replace(new, revisions=old.revisions, revised_at=old.revised_at, first_title=old.first_title)
    if not was_read_anew:
        return Next(replace(kept, gone_at=old.gone_at))
    withheld = not old.body or not new.body
    edit = edit_of(replace(old, body=""), replace(new, body="")) if withheld else edit_of(old, new)
    if edit is None and old.gone_at is None:
        return Next(kept)
    edit = edit or Edit((), ())
    kinds = (*((Kind.BACK,) if old.gone_at else ()), *edit.kinds)
    changed = replace(kept, revised_at=now, first_title=_first_title(old, new))
    return replace(_numbered(old, changed, Edit(kinds, edit.changes), now), edited=bool(edit.kinds))


def rights_changed(old: Article, new: Article) -> bool:
    """Return whether a page reserves more or less than before: its document has to follow, though nobody edited it."""
    return old.rights != new.rights or bool(old.body) != bool(new.body)


def gone(old: Article, now: datetime) -> Next:
    """Return what becomes of the document of an article that is gone: it stays, and says so."""
    made = _numbered(old, replace(old, gone_at=now), Edit((Kind.GONE,), ()), now)
    return replace(made, revisions=(*made.revisions[:-1], replace(made.revisions[-1], body="", seen_at=now)))


def back(old: Article, now: datetime) -> Next:
    """Return what becomes of the document of an article that is not gone after all, though no page of it was read."""
    made = _numbered(old, replace(old, gone_at=None), Edit((Kind.BACK,), ()), now)
    return replace(made, revisions=(*made.revisions[:-1], replace(made.revisions[-1], seen_at=now)))


def sketch(article: Article) -> str:
    """Return a short likeness of a text, for `is_like`: the smallest hashes of its pairs of words (MinHash)."""
    words = tokens(f"{article.title}\n{without_furniture(article.body)}")
    pairs = {f"{one} {two}".encode() for one, two in pairwise(words)}
    return " ".join(sorted(hashlib.blake2b(pair, digest_size=4).hexdigest() for pair in pairs)[:SKETCH])


def is_like(one: str, other: str) -> bool:
    """Return whether two sketches are of the same text, give or take what moves from one look to the next."""
    hashes, others = set(one.split()), set(other.split())
    smallest = sorted(hashes | others)[:SKETCH]
    return bool(hashes) and sum(each in hashes & others for each in smallest) * 2 >= len(smallest)


def _first_title(old: Article, new: Article) -> str:
    first = old.first_title or old.title
    return first if fold(first) != fold(new.title) else ""


def _numbered(old: Article, new: Article, edit: Edit, now: datetime) -> Next:
    number = (old.revisions or 0) + 1
    first = () if old.revisions else (_revision(old, 0, Edit((Kind.FIRST,), ()), old.fetched_at or now),)
    article = replace(new, revisions=number)
    return Next(article, (*first, _revision(article, number, edit, new.fetched_at or now)))


def _revision(article: Article, number: int, edit: Edit, seen_at: datetime) -> Revision:
    return Revision(
        id=f"{article.id}.{number}",
        article_id=article.id,
        number=number,
        kinds=edit.kinds,
        seen_at=seen_at,
        url=article.url,
        title=article.title,
        body=article.body,
        caption=article.caption,
        authors=article.authors,
        published_at=article.published_at,
        modified_at=article.modified_at,
        host=article.host,
        source_id=article.source_id,
        site=article.site,
        language=article.language,
        changes=edit.changes[:LATEST],
    )
