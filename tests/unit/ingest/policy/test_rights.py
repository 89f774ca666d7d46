"""What a page reserves, and how it is obeyed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from ingest.document import MAPPINGS, document
from ingest.errors import Rejected
from ingest.model import Article, Entry, Page, Rights, Source
from ingest.pipeline import process
from ingest.policy.rights import may_keep, may_keep_page, rights_of

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


LICENSED = Source("s", "feed", "http://h/feed", licensed=True)
NOARCHIVE = page('<meta name="robots" content="noarchive">')


def test_a_page_that_reserves_text_and_data_mining_becomes_a_reference() -> None:
    article = processed(page(tdm_reservation="1"))
    assert (article.title, article.body, article.caption) == ("جسر جديد", "", "")
    assert article.words > 100
    assert not may_keep(article.rights)
    assert "body" not in document(article)


@pytest.mark.parametrize("word", ["noarchive", "nocache"])
def test_a_page_of_which_no_copy_is_shown_is_indexed_and_not_kept(word: str) -> None:
    article = processed(page(f'<meta name="robots" content="{word}">'))
    assert len(article.body.split()) > 100
    assert document(article)["rights"]["robots"] == [word]
    assert not may_keep(article.rights)


@pytest.mark.parametrize("one", [NOARCHIVE, page(tdm_reservation="1"), page()])
def test_a_licence_keeps_the_whole_text_and_the_document_says_so(one: Page) -> None:
    article = process(LICENSED, Entry("http://h/1"), one)
    assert article.body
    assert document(article)["rights"]["basis"] == "licence"
    assert may_keep(article.rights)
    assert may_keep_page(LICENSED, one)


def test_a_licence_is_no_leave_to_list_what_asks_not_to_be() -> None:
    with pytest.raises(Rejected, match=r"^noindex"):
        process(LICENSED, Entry("http://h/1"), page('<meta name="robots" content="noindex">'))


@pytest.mark.parametrize(
    ("one", "kept"),
    [
        (page(), True),
        (NOARCHIVE, False),
        (page(X_Robots_Tag="noarchive"), False),
        (page(tdm_reservation="1"), False),
        (page("<meta content='nocache'\nNAME=robots>"), False),
        (page('<meta name="googlebot" content="noarchive">'), True),
        (replace(NOARCHIVE, body=NOARCHIVE.body.decode().encode("utf-16")), False),
        (replace(page(), body=b"\xff\xfe\x00"), True),
    ],
)
def test_whether_a_page_may_be_kept_shows_without_an_article(one: Page, kept: bool) -> None:  # noqa: FBT001  # a table
    assert may_keep_page(Source("s", "feed", "http://h/feed"), one) is kept


def test_an_ordinary_page_is_kept_and_says_nothing_of_rights() -> None:
    article = processed(page('<meta name="robots" content="index, nofollow">'))
    assert article.body
    assert may_keep(article.rights)
    assert document(article)["rights"] == {"robots": ["nofollow"], "tdm_reserved": False, "tdm_policy": "", "basis": ""}
    assert "rights" not in document(processed(page()))


def test_rights_are_mapped_strictly() -> None:
    mapped = MAPPINGS["news-articles"]["properties"]["rights"]
    assert mapped["dynamic"] == "strict"
    assert set(mapped["properties"]) == set(Rights.__dataclass_fields__)
