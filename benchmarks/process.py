"""CPU of one page from bytes to document, against `trafilatura.extract` alone on the same pages in the same run.

Ours is charset, metadata, dates, body, repair and gate: a ratio below 1 means that all of it costs less than that call.

The pages are the demo newsroom's (39 articles, 17-25 KB each). Rounds of ours and of the baseline alternate, because
these machines are noisy; the median round counts.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import process_time

import trafilatura

from deploy.demo.content import edition
from deploy.demo.newsroom import build
from ingest.document import document
from ingest.model import Entry, Page, Source
from ingest.pipeline import process

ROUNDS = 7
PORT = 18080


def pages() -> list[Page]:
    """Return the newsroom's article pages as a fetch would bring them."""
    now = datetime.now(UTC)
    told = edition(now, None)
    answers = build(told, PORT)
    urls = [story.url(PORT) for story in told if not story.removed and "section" not in story.slug]
    return [
        Page(url, 200, tuple(answers[url].headers.items()), answers[url].body, now)
        for url in urls
        if answers[url].headers.get("Content-Encoding") is None
    ]


def ours(page: Page) -> None:
    """Make a page a document."""
    document(process(Source("s", "feed", page.url), Entry(page.url), page))


def baseline(page: Page) -> None:
    """Extract the text alone."""
    trafilatura.extract(page.body, include_comments=False)


def milliseconds(work: Callable[[Page], None], some: list[Page]) -> float:
    """Return the CPU milliseconds a page of one round."""
    start = process_time()
    for page in some:
        work(page)
    return (process_time() - start) / len(some) * 1000


def main() -> None:
    """Print both and their ratio."""
    some = pages()
    milliseconds(ours, some), milliseconds(baseline, some)  # warm up
    rounds = [(milliseconds(ours, some), milliseconds(baseline, some)) for _ in range(ROUNDS)]
    mine, base = median(m for m, _ in rounds), median(b for _, b in rounds)
    ratio = median(m / b for m, b in rounds)
    print(f"process: {len(some)} pages, {ROUNDS} rounds, median CPU a page")
    print(f"  bytes to document      {mine:6.2f} ms")
    print(f"  trafilatura.extract    {base:6.2f} ms")
    print(f"  ratio                  {ratio:6.2f}")
