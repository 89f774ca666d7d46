"""What a page reserves, and how it is obeyed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from ingest.document import MAPPINGS, document
from ingest.errors import Rejected
from ingest.model import Article, Entry, Page, Rights, Source
from ingest.pipeline import process
from ingest.policy.rights import may_keep, rights_of

NOW = datetime(2026, 11, 25, tzinfo=UTC)
PARAGRAPH = "قال رئيس البلدية إن العمل في الجسر الجديد ينتهي قبل الشتاء بعد أن وصلت المعدات من الميناء القريب. "
HTML = f"""<!doctype html><html lang="ar"><head><title>جسر جديد</title>%s</head><body><article><h1>جسر جديد</h1>
{"".join(f"<p>{PARAGRAPH} رقم {i}</p>" for i in range(8))}</article></body></html>"""


def page(meta: str = "", **headers: str) -> Page:
    pairs = tuple((name.replace("_", "-"), text) for name, text in headers.items())
    return Page("http://h/1", 200, (("Content-Type", "text/html; charset=utf-8"), *pairs), (HTML % meta).encode(), NOW)


def rights(one: Page) -> Rights | None:
    return rights_of(one, html.document_fromstring(one.body))


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("noindex", ("noindex",)),
        ("NoIndex, NOFOLLOW", ("nofollow", "noindex")),
        ("none", ("none",)),
        ("index, follow, all", None),
        ("googlebot: noindex", None),
        ("googlebot: noindex, nofollow", None),
        ("googlebot: noindex, warraq: noarchive", ("noarchive",)),
        ("warraq: noindex", ("noindex",)),
        ("*: noindex", ("noindex",)),
        ("max-snippet: 20, noarchive", ("noarchive",)),
        ("unavailable_after: Wed, 25 Nov 2026 10:00:00 GMT, nosnippet", ("nosnippet",)),
        ("", None),
    ],
)
def test_x_robots_tag(tag: str, words: tuple[str, ...] | None) -> None:
    found = rights(page(X_Robots_Tag=tag))
    assert (found.robots if found else None) == words


def test_every_header_and_every_meta_counts() -> None:
    one = page('<meta name="ROBOTS" content="noarchive"><meta name="warraq" content="nosnippet">', X_Robots_Tag="noai")
    one = replace(one, headers=(*one.headers, ("x-robots-tag", "nofollow")))
    found = rights(one)
    assert found
    assert found.robots == ("noai", "noarchive", "nofollow", "nosnippet")
    assert rights(page('<meta name="googlebot" content="noindex"><meta property="robots" content="noindex">')) is None


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (page(tdm_reservation="1"), Rights(tdm_reserved=True)),
        (page(tdm_reservation="0"), None),
        (page('<meta name="tdm-reservation" content="1">'), Rights(tdm_reserved=True)),
        (page('<meta name="tdm-reservation" content="1">', tdm_reservation="0"), Rights(tdm_reserved=True)),
        (
            page(tdm_reservation="1", tdm_policy="https://h/policy.json"),
            Rights(tdm_reserved=True, tdm_policy="https://h/policy.json"),
        ),
        (page(), None),
    ],
)
def test_tdm_reservations(one: Page, expected: Rights | None) -> None:
    assert rights(one) == expected


def processed(one: Page) -> Article:
    return process(Source("s", "feed", "http://h/feed"), Entry("http://h/1"), one)


@pytest.mark.parametrize("word", ["noindex", "none"])
def test_a_page_that_asks_not_to_be_listed_is_rejected(word: str) -> None:
    with pytest.raises(Rejected, match=r"^noindex: http://h/1 says"):
        processed(page(f'<meta name="robots" content="{word}">'))


@pytest.mark.parametrize("one", [page('<meta name="robots" content="noarchive">'), page(tdm_reservation="1")])
def test_a_page_that_may_not_be_kept_becomes_a_reference(one: Page) -> None:
    article = processed(one)
    assert (article.title, article.body, article.caption) == ("جسر جديد", "", "")
    assert article.words > 100
    assert not may_keep(article)
    assert "body" not in document(article)


def test_an_ordinary_page_is_kept_and_says_nothing_of_rights() -> None:
    article = processed(page('<meta name="robots" content="index, nofollow">'))
    assert article.body
    assert may_keep(article)
    assert document(article)["rights"] == {"robots": ["nofollow"], "tdm_reserved": False, "tdm_policy": ""}
    assert "rights" not in document(processed(page()))


def test_rights_are_mapped_strictly() -> None:
    mapped = MAPPINGS["news-articles"]["properties"]["rights"]
    assert mapped["dynamic"] == "strict"
    assert set(mapped["properties"]) == set(Rights.__dataclass_fields__)
