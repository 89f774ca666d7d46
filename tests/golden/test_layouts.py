"""The Arabic layout set: how much of each article is found, and what beside it leaks."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from benchmarks.extraction import scores
from ingest.extract import extract
from ingest.model import Entry, Page, Source
from tests.golden.layouts.pages import LayoutPage, pages

SHORT = ("video_list", "service_list")
URL = "https://layouts.example/news/1"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DIFFERENCES = Path(__file__).parent / "layouts" / "differences.json"
"""Of each page that is not read to the letter: the article's lines that are missing, and what was taken beside them."""


@cache
def found() -> list[tuple[LayoutPage, list[str]]]:
    source = Source("s", "feed", URL)
    return [
        (
            page,
            extract(source, Entry(URL), Page(URL, 200, (("Content-Type", "text/html"),), page.html, NOW)).body.split(
                "\n"
            ),
        )
        for page in pages()
    ]


def leaks(page: LayoutPage, lines: list[str]) -> list[str]:
    whole = "\n".join(page.body)
    return [line for line in lines if line not in whole and not any(part in line for part in page.body)]


def differences() -> dict[str, dict[str, list[str]]]:
    read = {
        page.name: {
            "missing": [line for line in page.body if line not in lines],
            "beside": [line for line in lines if line not in page.body],
        }
        for page, lines in found()
    }
    return {name: lines for name, lines in read.items() if any(lines.values())}


def test_each_page_is_read_as_before() -> None:
    """What a change of the extractor does to any page is seen: `make golden`, and read the difference."""
    assert differences() == json.loads(DIFFERENCES.read_text("utf-8"))


def test_the_set_is_whole() -> None:
    assert len(found()) >= 100
    assert all(len(page.body) >= 5 for page, _ in found() if not page.name.startswith(SHORT))


def test_the_articles_are_found() -> None:
    assert scores([("\n".join(page.body), "\n".join(lines)) for page, lines in found()])[0] >= 0.97


def test_nothing_beside_the_article_is_taken() -> None:
    leaking = {page.name: lines for page, text in found() if (lines := leaks(page, text))}
    assert len(leaking) <= 0.05 * len(found()), leaking


def test_the_lines_stand_in_order() -> None:
    for page, lines in found():
        places = [page.body.index(line) for line in lines if line in page.body]
        assert places == sorted(places), page.name
