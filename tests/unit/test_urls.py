import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import Permanent
from ingest.urls import HELD, article_id, canonical, fetchable, lane_of


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.COM:80/a/../b", "http://example.com/b"),
        ("https://example.com/x?id=3&utm_source=tw&fbclid=1#top", "https://example.com/x?id=3"),
        ("https://example.com/?utm_medium=rss", "https://example.com/"),
        ("https://example.com/خبر عاجل", "https://example.com/%D8%AE%D8%A8%D8%B1%20%D8%B9%D8%A7%D8%AC%D9%84"),
        ("https://موقع.مصر/", "https://xn--4gbrim.xn--wgbh1c/"),
        ("  http://h/a\n", "http://h/a"),
        (r"http:\\h\a", "http://h/a"),
        ("http://h/%zz", "http://h/%zz"),
        ("file:///texts/أ.txt", "file:///texts/%D8%A3.txt"),
    ],
)
def test_canonical(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("javascript:alert(1)", "url_scheme"),
        ("ftp://h/a", "url_scheme"),
        ("/relative", "url_invalid"),
        ("http://", "url_invalid"),
        ("http://user:password@h/", "url_userinfo"),
        ("http://h/" + "a" * 3000, "url_too_long"),
    ],
)
def test_what_is_no_address_of_an_article_is_refused_by_name(url: str, reason: str) -> None:
    with pytest.raises(Permanent) as caught:
        canonical(url)
    assert caught.value.reason == reason


def test_encoded_and_raw_arabic_paths_are_one_article() -> None:
    assert article_id(canonical("http://h/خبر")) == article_id(canonical("http://h/%D8%AE%D8%A8%D8%B1"))


def test_a_fetch_asks_for_the_url_as_it_was_listed() -> None:
    assert fetchable("http://h/a?utm_source=x#f") == "http://h/a?utm_source=x"
    with pytest.raises(Permanent):
        fetchable("file:///etc/passwd")


def test_lanes() -> None:
    assert lane_of("http://h:8080/a") == "h:8080"
    assert lane_of("file:///a.txt") == HELD


@given(st.text(max_size=60), st.text(max_size=30))
def test_canonical_is_idempotent(path: str, query: str) -> None:
    try:
        once = canonical(f"http://h/{path}?{query}")
    except Permanent:
        return
    assert canonical(once) == once
