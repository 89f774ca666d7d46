"""Pages made to hurt: each ends in time and memory, as an article or with a reason."""

import gc
import resource
import tracemalloc
from contextlib import suppress
from datetime import UTC, datetime
from time import process_time

import pytest

from ingest.errors import Rejected
from ingest.model import Entry, Page, Source
from ingest.pipeline import process

URL = "https://hostile.example/1"
CPU_S = 2.0
MEMORY_MB = 200
NOW = datetime(2026, 11, 25, tzinfo=UTC)
PROSE = "قالت الوزارة يوم الإثنين إن الموسم هذا العام أفضل من الموسم الماضي، وإن الأسواق ستفتح أبوابها قريبا. "
MARKS = "\u064e\u0651"
PAGES = {
    "200,000 nested divs": "<div>" * 200_000 + PROSE,
    "250 nested divs": "<div>" * 250 + f"<p>{PROSE * 9}</p>",
    "240 nested menus": "<div class=menu>" * 240 + f"<p>{PROSE * 9}</p>" + "<p>قليل</p>" * 2000,
    "100,000 attributes": f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>{PROSE * 9}</p>",
    "a class of 1 MB": f"<p class='{'menu-' * 200_000}'>{PROSE * 9}</p><p>{PROSE * 9}</p>",
    "a text of 20 MB": f"<p>{PROSE * 120_000}</p>",
    "a text of 5 MB": f"<p>{PROSE * 30_000}</p>",
    "null bytes": "\0".join(f"<p>{PROSE * 9}</p>"),
    "nothing closed": f"<h1>عنوان<table><tr><td><p><b><i><ul><li><a href=x>{PROSE}" * 300,
    "30,000 paragraphs": f"<p>{PROSE[:40]}</p>" * 30_000,
    "30,000 lines": f"{PROSE[:40]}<br>" * 30_000,
    "30,000 links": f"<a href=x>{PROSE[:20]}</a> " * 30_000,
    "dots and dashes": f"<p>{'اقرأ ' * 40}{'.' * 200_000}</p><p>{'- ' * 100_000}</p>",
    "30,000 divs left open, a letter in each": f"<p>{PROSE * 9}</p>{'<div>م' * 30_000}",
    "7,900 divs left open, a letter in each": f"<p>{PROSE * 3}</p>{'<div>م' * 7_900}",
    "7,900 divs in each other, closed": f"<p>{PROSE * 3}</p></div>{'<div>م' * 7_900}{'</div>' * 7_900}",
    "7,900 articles left open, a letter in each": f"<p>{PROSE * 3}</p>{'<article>م' * 7_900}",
    "7,800 spans left open, 220,000 ends of others": f"<p>{PROSE * 3}</p>{'<span>' * 7_800}{'</a>' * 220_000}",
    "30,000 options left open": f"<p>{PROSE * 9}</p><select>{'<option>م' * 30_000}",
    "a line of dots": f"<p>{'.' * 100_000}{PROSE}</p>",
    "a title of dots": f"<title>{'.' * 100_000}</title><p>{PROSE * 9}</p>",
    "a title that is sorry": f"<title>عذر{'ً' * 100_000}!</title><p>{PROSE * 9}</p>",
    "a teaser of dots": f"<p>{PROSE[:-2] * 3}{'…' * 100_000}م</p>",
    "marks upon a letter": f"<p>{PROSE * 9}م{MARKS * 100_000}</p>",
    "a JSON-LD of 2 MB": f"<script type=application/ld+json>{'[' * 2_000_000}</script><p>{PROSE * 9}</p>",
}


@pytest.mark.parametrize("markup", PAGES.values(), ids=PAGES)
def test_a_hostile_page_ends_in_time_as_an_article_or_with_a_reason(markup: str) -> None:
    page = Page(URL, 200, (("Content-Type", "text/html; charset=utf-8"),), markup.encode(), NOW)
    entry = Entry(URL, title="عنوان", published_at=NOW)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
    with suppress(Rejected):
        assert process(Source("s", "feed", URL), entry, page).body
    assert process_time() - start < CPU_S
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEMORY_MB


def test_nothing_of_a_page_is_kept_in_memory_by_its_names() -> None:
    for kind in ("class", "id", "itemprop"):
        for number in range(20):
            boxes = "".join(
                f"<{tag} {kind}='{number}{tag}{'x' * 300_000}'>{PROSE}</{tag}>" for tag in ("p", "div", "h2")
            )
            markup = f"<article><h1>عنوان الخبر الأول</h1>{boxes}<p>{PROSE * 9}</p></article>"
            page = Page(URL, 200, (("Content-Type", "text/html; charset=utf-8"),), markup.encode(), NOW)
            tracemalloc.start()
            process(Source("s", "feed", URL), Entry(URL, title="عنوان الخبر الأول", published_at=NOW), page)
            gc.collect()
            held, _ = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert held < 400_000 or not number, kind
