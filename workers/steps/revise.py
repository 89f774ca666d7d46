"""Revise: what a second look at an article makes of its document. Decided in `ingest/revisions`, carried out here."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from ingest.errors import Blocked, Gone, Missing, Transient, WarraqError
from ingest.ledger.looks import doubted, edited, missing, seen, unchanged
from ingest.ledger.record import Record, State
from ingest.ledger.transitions import ended
from ingest.model import Article
from ingest.revisions.edit import doubt
from ingest.revisions.revision import Next, gone, is_like, next_version, rights_changed, sketch
from ingest.urls import lane_of
from workers.runtime import Runtime
from workers.store.outcomes import Outcome

WALLS: Final = frozenset({"server_error", "robot_check", "login", "consent"})
"""What a page may have in an article's place that says nothing of the article."""


def is_missing(record: Record, error: WarraqError) -> bool:
    """Return whether an error means that an indexed article, which is looked after, is no longer at its address."""
    return bool(record.indexed_at and record.revisit) and isinstance(error, Gone | Missing)


def note_failure(rt: Runtime, record: Record, error: WarraqError) -> None:
    """Remember at a look that its site as a whole does not answer as it should: then nothing of it is gone."""
    if record.indexed_at and record.revisit and (isinstance(error, Blocked | Transient) or error.reason in WALLS):
        rt.looks.note(lane_of(record.url), record.id, rt.now(), ok=False)


def missed(rt: Runtime, record: Record, error: WarraqError) -> Outcome:
    """Return the outcome of a look that found no article: at the second one its document says that it is gone."""
    now, known = rt.now(), record.revisit
    lane = lane_of(record.url)
    rt.looks.note(lane, record.id, now, ok=False)
    since = (known and known.missing_at) or now - timedelta(hours=1)
    good, bad = rt.looks.others(lane, record.id, since) if _says_what_is_gone(rt, record) else (0, 0)
    after = missing(record, now, f"{error.reason} {error.detail}", good=good, bad=bad)
    newly = after.revisit is not None and after.revisit.gone_at == now
    if not newly or (old := rt.index.get(record)) is None:
        return Outcome(after)
    return kept(after, gone(old, now))


def _says_what_is_gone(rt: Runtime, record: Record) -> bool:
    source = rt.sources.get(record.source_id)
    return source is None or source.deletions


def revised(rt: Runtime, record: Record, article: Article, reason: str) -> Outcome:
    """Return the outcome of an article that was processed: its first, or what the look at it brought.

    `record` is not ended yet; `reason` is the one it is indexed with.
    """
    now = rt.now()
    old = rt.index.get(record) if record.indexed_at else None
    if old is None:  # of a document that was lost, the versions are still there
        return Outcome(ended(record, State.INDEXED, now, reason), replace(article, revisions=record.versions or None))
    old = replace(old, revisions=max(old.revisions or 0, record.versions) or None)
    made = next_version(old, article, now)
    if record.looking and made.edited and (why := doubt(old, article)):
        before, mark = record.revisit and record.revisit.doubted, sketch(article)
        if not before or not is_like(before, mark):
            return Outcome(doubted(record, now, mark, why))
    if record.looking and not made.revisions and not rights_changed(old, article):
        return Outcome(unchanged(record, now))
    after = ended(record, State.INDEXED, now, reason)
    if made.revisions:
        return kept(edited(after, now), made)
    return Outcome(after if made.article and made.article.gone_at else seen(after), made.article)


def kept(record: Record, made: Next) -> Outcome:
    """Return the outcome of an article with a new version, the number of which its record remembers."""
    return Outcome(replace(record, versions=made.revisions[-1].number), made.article, revisions=made.revisions)


def keep_versions(rt: Runtime, outcome: Outcome, *, keep: bool) -> None:
    """Make the page of a look the article's page, and keep the one before under its version; or drop it.

    Done before the outcome is handed over. Repeated after a crash, it comes to the same.
    """
    record = outcome.record
    if outcome.article is None or not keep:
        rt.pages.drop_look(record.id)
    else:
        rt.pages.promote(record.id, outcome.revisions[-1].number - 1 if outcome.revisions else None)


def not_modified(record: Record, rt: Runtime) -> Outcome:
    """Return the outcome of a look that the site answered with 304."""
    return Outcome(replace(unchanged(record, rt.now()), fetched_at=record.fetched_at))
