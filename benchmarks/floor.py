"""`python -m benchmarks.floor`: what the steps of an article cost by themselves, beside what they cannot do without.

CPU milliseconds a page on the pages of `benchmarks.pipeline` (60-110 KB), each step in one process without Celery,
Redis or Elasticsearch; the fastest of three rounds. What an article costs on the whole stack beyond these is messages,
leases and round trips: `benchmarks.pipeline` tells that by process.
"""

import gzip
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import trafilatura
from lxml import etree, html

from benchmarks.archives import printed
from benchmarks.pipeline.corpus import corpus, default
from ingest.charset import declared_charsets, decode
from ingest.document import document
from ingest.extract import extract, parse
from ingest.inflate import inflate
from ingest.model import Article, Entry, Page, Source
from ingest.pipeline import STEPS
from workers.store.pages import Pages

PAGES: Final = 200
ROUNDS: Final = 3
MOST: Final = 10 * 2**20
SOURCE: Final = Source("s", "feed", "http://n.example/feed")


def main() -> None:
    """Print the table."""
    some = _pages()
    packed = [gzip.compress(one.body, 6) for one in some]
    texts = [decode(one.body, declared_charsets("", one.body)).text for one in some]
    read = [extract(SOURCE, Entry(one.url), one) for one in some]
    rows: list[tuple[str, Callable[[Any], object], Sequence[Any]]] = [
        ("inflate", lambda raw: inflate(raw, "gzip", MOST), packed),
        ("  zlib alone", lambda raw: zlib.decompress(raw, 31), packed),
        ("charset", lambda one: decode(one.body, declared_charsets("", one.body)), some),
        ("parse", lambda text: parse(text, len(text)), texts),
        ("  lxml alone", _bare, texts),
        ("extract (charset and parse in it)", lambda one: extract(SOURCE, Entry(one.url), one), some),
        ("repair and gate", _clean, read),
        ("document", document, read),
        ("trafilatura.extract", lambda one: trafilatura.extract(one.body, include_comments=False), some),
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = Pages(folder)
        keys = {one.url: f"{number:032x}" for number, one in enumerate(some)}
        rows += [
            ("page store, written", lambda one: store.put(keys[one.url], one, one.fetched_at), some),
            ("page store, read", lambda one: store.get(keys[one.url]), some),
        ]
        size = sum(len(one.body) for one in some) / len(some) / 1000
        print(f"CPU ms a page, {len(some)} pages of {size:.0f} KB on average")
        for name, work, given in rows:
            print(f"{name:36}{min(_ms(work, given) for _ in range(ROUNDS)):8.2f}")


def _ms(work: Callable[[Any], object], given: Sequence[Any]) -> float:
    start = time.process_time()
    for one in given:
        work(one)
    return (time.process_time() - start) * 1000 / len(given)


def _bare(text: str) -> object:
    return html.document_fromstring(text.encode(), parser=etree.HTMLParser(encoding="utf-8"))


def _clean(article: Article) -> Article:
    for step in STEPS:
        article = step(article)
    return article


def _pages() -> list[Page]:
    at = datetime.now(UTC).replace(microsecond=0)
    told = printed(corpus(default()), PAGES)
    return [Page(url, 200, (("Content-Type", "text/html; charset=utf-8"),), text.encode(), at) for url, text in told]


if __name__ == "__main__":
    main()
