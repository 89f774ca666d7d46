from urllib.parse import quote, unquote

import pytest

from ingest.errors import Permanent
from ingest.urls import INLINE, article_id, canonical, fetchable, lane_of, mixes_scripts, site_of


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
        ("http://h/%d8%ae?q=%d8", "http://h/%D8%AE?q=%D8"),
        ("https://example.com/a?PHPSESSID=1&at_medium=x&id=2", "https://example.com/a?id=2"),
        ("https://x-com.cdn.ampproject.org/c/s/x.com/a/amp?amp_js_v=0.1", "https://x.com/a/amp"),
        ("https://x-com.cdn.ampproject.org/v/x.com/a", "http://x.com/a"),
        ("https://www.google.com/amp/s/x.com/a", "https://x.com/a"),
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
        ("http://h/a\r\nHost: b", "url_invalid"),
        ("http://h/a\0", "url_invalid"),
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
    assert lane_of("file:///a.txt") == INLINE


TWINS = [
    ("https://example.com/news/1", "http://example.com/news/1"),
    ("https://example.com/news/1", "https://www.example.com/news/1"),
    ("https://www.example.com/news/1", "https://m.example.com/news/1"),
    ("https://example.com/news/1", "https://mobile.example.com/news/1/"),
    ("https://example.com/news/1", "https://amp.example.com/news/1"),
    ("https://example.com/news/1", "https://example.com/news/1/amp"),
    ("https://example.com/news/1", "https://example.com/news/1/amp/"),
    ("https://example.com/news/1", "https://example.com/amp/news/1"),
    ("https://example.com/news/1", "https://example.com/news/1?amp"),
    ("https://example.com/news/1", "https://example.com/news/1?amp=1"),
    ("https://example.com/news/1?a=2", "https://example.com/news/1?amp=1&a=2"),
    ("https://example.com/news/1.html", "https://example.com/news/1.amp.html"),
    ("https://example.com/?p=7", "https://m.example.com/?p=7&outputType=amp"),
    ("https://example.com/news/1", "https://example-com.cdn.ampproject.org/c/s/example.com/news/1/amp/"),
]
STRANGERS = [
    ("https://example.com/news/1", "https://example.com/news/2"),
    ("https://example.com/news/1", "https://news.example.com/news/1"),
    ("https://example.com/news?id=1", "https://example.com/news?id=2"),
    ("https://example.com/amp", "https://example.com/"),
    ("https://example.com/a?camp=1", "https://example.com/a"),
    ("https://example.com/swamp/1", "https://example.com/1"),
    ("https://example.com:8443/1", "https://example.com/1"),
    ("https://m.com/1", "https://com/1"),
    ("https://example.com/A", "https://example.com/a"),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_the_twins_of_a_page_are_one_article(one: str, other: str) -> None:
    assert article_id(canonical(one)) == article_id(canonical(other))


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_what_only_looks_alike_is_two(one: str, other: str) -> None:
    assert article_id(canonical(one)) != article_id(canonical(other))


def test_one_site_is_a_host_and_its_mobile_twins_not_its_neighbours() -> None:
    assert {site_of(f"https://{host}/") for host in ("example.com", "www.example.com", "m.example.com.")} == {
        "example.com"
    }
    assert site_of("https://other.example.com/") == "other.example.com"


def test_an_imitated_host_is_told_from_an_arabic_one() -> None:
    assert mixes_scripts("http://exаmple.com/")
    assert not mixes_scripts("http://موقع.مصر/")
    assert not mixes_scripts("http://اخبار24.com/")


@pytest.mark.parametrize(
    "session",
    [
        "news/1;jsessionid=0A1B2C",
        "news/1;JSESSIONID=FFEE99.node2!12",
        "news/1;phpsessid=a",
        "(S(abc123))/news/1",
        "(A(x_y-1)S(abc123)F(z))/news/1",
        "%28S%28abc123%29%29/news/1",
        "news/1?AspxAutoDetectCookieSupport=1",
        "news/1?ASPSESSIONIDQQ=ABC",
        "news/1",
        "news/1%3Bjsessionid=0A1B2C",
        "news/1;sid=abc",
        "news/1?;jsessionid=0A1B2C",
        "(lit3pbvr2x5jpgrxbf5jnzak)/news/1",
        "(S(a))/(S(b))/news/1",
        "news/1?sid=0123456789abcdef0123456789abcdef",
        "news/1?session_id=0123456789abcdef01234567",
        "news/1?zenid=ab&osCsid=cd",
        "news/1?utm_source=a&amp;phpsessid=x",
        "news/1%20;jsessionid=0A%20",
    ],
)
def test_a_session_in_the_path_is_no_part_of_the_article(session: str) -> None:
    assert canonical(f"https://www.sahel.example/{session}") == "https://www.sahel.example/news/1"


@pytest.mark.parametrize(
    "path",
    ["news;1", "news/(1)/2", "news/1;a=2", "(S)/1", "a/(S(x))", "n?sid=12", "n?s=khabar-jadid-an-al-suq", "(خبر)/1"],
)
def test_other_brackets_and_semicolons_stay(path: str) -> None:
    assert unquote(canonical(f"https://www.sahel.example/{path}")) == f"https://www.sahel.example/{path}"


@pytest.mark.parametrize("mark", ["\u200b", "\u200f", "\ufeff", "\u202b", "\xa0"])
def test_marks_around_an_address_are_no_part_of_it(mark: str) -> None:
    assert canonical(f"{mark}https://www.sahel.example/1{mark}") == "https://www.sahel.example/1"
    assert canonical(f"https://{mark.strip()}www.sahel.example/1{quote(mark)}") == "https://www.sahel.example/1"
    assert canonical(f"https://www.sahel.example/1?a=b{quote(mark)}") == "https://www.sahel.example/1?a=b"
    assert quote("خبر\u200cجديد") in canonical("https://www.sahel.example/خبر\u200cجديد"), "inside, it has a meaning"
