"""`python -m benchmarks.revisions [--json]`: a scripted newsroom for a week, with edits and deletions.

1,000 articles on 10 sites; 300 are edited once, of each kind, 30 are taken down for good. The pages' furniture changes
at each look: counters, «منذ ساعة», related links, comments, advertisements, a new template. One site is down for three
hours, one asks for a login, one shows a challenge. Half of the sites give validators. Services are the fakes of the
tests, whose clock is moved; extraction and every decision are the real ones. Told are:

    caught               share of the edits that were seen at a look, all that were made in time for one
    kind_right           share of those whose first kind is the scripted one
    false_revisions      revisions of articles that were not edited
    deletions_found      share of those taken down
    false_deletions      articles said to be gone that were not
    requests_an_article  looks that asked the site, by article
    share_304            share of those answered with 304, on the sites that can
    ms_unchanged, ms_changed   CPU of extraction and comparison, a look that was answered with a page
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from benchmarks.scripted import Newsroom, ScriptedWeb, edit, script
from ingest.document import LEDGER, REVISION, REVISIONS
from ingest.ledger.record import State
from ingest.model import Article, Entry, Source
from ingest.pipeline import process
from ingest.revisions.revision import next_version
from ingest.urls import article_id
from tests.fakes import World, fetched, world
from workers.steps import admit as admission
from workers.steps.process import process_page
from workers.steps.revisit import open_due

STEP: Final = timedelta(minutes=30)
WEEK: Final = timedelta(hours=170)
CAUGHT: Final = 0.99
KIND_RIGHT: Final = 0.97


def week(room: Newsroom) -> World:
    """Index all articles, then let a week go by in steps of half an hour, with all looks that are due."""
    made = world("newsroom")
    web = ScriptedWeb(room, made, made.clock())
    object.__setattr__(made.rt, "web", web)
    source = Source("5" * 32, "feed", "http://site0.example/feed")
    made.sources.put(source)
    admission.admit(made.rt, source, [Entry(one.url) for one in room.articles])
    work(made, [article_id(one.url) for one in room.articles])
    room.looks = room.unmodified = room.can_304 = 0
    began = web.began
    while made.clock() - began < WEEK:
        made.clock.forward(STEP.total_seconds())
        for one in room.articles:
            if one.edit and not one.edited and made.clock() - began >= one.edit_at:
                edit(one, room.dice)
        open_due(made.rt, STEP.total_seconds())
        work(made, [key for key, (_, one) in made.elastic.indexed(LEDGER).items() if one["state"] == State.PENDING])
    return made


def work(made: World, keys: Sequence[str]) -> None:
    """Do what the workers would with some articles."""
    for key in keys:
        if fetched(made, key):
            process_page(made.rt, key)
    made.flush()
    made.redis.delete("warraq:lanes", *made.redis.keys("warraq:lane:*"), *made.redis.keys("warraq:archive:*"))


def judged(room: Newsroom, made: World) -> dict[str, float]:
    """Return the figures of a week."""
    revisions = [REVISION.validate_python(source) for _, source in made.elastic.indexed(REVISIONS).values()]
    seen: dict[str, list[Any]] = {}
    for one in sorted(revisions, key=lambda one: one.number):
        if one.number:
            seen.setdefault(one.url, []).append(one)
    edited = [one for one in room.articles if one.edited]
    of_edited = {one.url: [r for r in seen.get(one.url, ()) if not {"gone", "back"} & set(r.kinds)] for one in edited}
    caught = [one for one in edited if of_edited[one.url]]
    right = [one for one in caught if of_edited[one.url][0].kinds[0] is one.edit]
    extra = sum(len(found) - 1 for found in of_edited.values() if found)
    untouched = [r for one in room.articles if not one.edited for r in seen.get(one.url, ()) if "gone" not in r.kinds]
    gone = {url for url, found in seen.items() if any("gone" in r.kinds for r in found)}
    deleted = {one.url for one in room.articles if one.gone_at is not None}
    return {
        "caught": len(caught) / len(edited),
        "kind_right": len(right) / len(caught),
        "false_revisions": len(untouched) + extra,
        "deletions_found": len(gone & deleted) / len(deleted),
        "false_deletions": len(gone - deleted),
        "requests_an_article": room.looks / len(room.articles),
        "share_304": room.unmodified / room.can_304,
    }


def cost(room: Newsroom) -> dict[str, float]:
    """Return the CPU of a look that brought a page, in ms: extraction and comparison, without and with a change."""
    source, now = Source("s", "feed", "http://h/feed"), datetime.fromisoformat("2026-07-01T00:00:00Z")
    some = room.articles[:200]
    olds = [process(source, Entry(one.url), room.page(one, now)) for one in some]
    news = [room.page(one, now + STEP) for one in some]

    def spent(before: Sequence[Article]) -> float:
        began = time.process_time()
        for one, old, page in zip(some, before, news, strict=True):
            next_version(old, process(source, Entry(one.url), page), now + STEP)
        return (time.process_time() - began) / len(some) * 1000

    changed = [replace(old, title="عنوان آخر", body=old.body.replace("الحكومة", "الوزارة", 3)) for old in olds]
    return {"ms_unchanged": spent(olds), "ms_changed": spent(changed)}


def main(words: Sequence[str] | None = None) -> int:
    """Return 1 if a goal of the issue is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.revisions", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="(%(default)s)")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(words)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    room = script(given.seed)
    spent = cost(room)
    found = judged(room, week(room)) | spent
    if given.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:22}{value:8.3f}")
    good = found["caught"] >= CAUGHT and found["kind_right"] >= KIND_RIGHT and not found["false_deletions"]
    return int(not good or bool(found["false_revisions"]))


if __name__ == "__main__":
    sys.exit(main())
