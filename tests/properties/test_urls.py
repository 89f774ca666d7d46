"""URLs: what holds for every address."""

from urllib.parse import quote

from hypothesis import example, given
from hypothesis import strategies as st

from ingest.errors import Permanent
from ingest.tracking import NAMES, PREFIXES
from ingest.urls import article_id, canonical, fetchable

URLS = st.one_of(
    st.builds(
        "{}://{}{}/{}?{}#{}".format,
        st.sampled_from(["http", "https", "HTTP"]),
        st.sampled_from(["", "www.", "m.", "amp.", "x.cdn.ampproject.org/c/s/", "www.google.com/amp/"]),
        st.sampled_from(["example.com", "موقع.مصر", "h:8080", "127.1", "[::1]"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.text(max_size=5),
    ),
    st.text(max_size=60).map(lambda text: f"http://{text}"),
    st.from_regex(
        r"https?://(m\.|amp\.)?a\.b(/amp)?/(%[0-9a-fA-F]{0,2}|\.|/|amp){0,9}(\?(amp=1|utm_a=b|&|x=%d8){0,5})?",
        fullmatch=True,
    ),
)


def parsed(url: str) -> str:
    try:
        return canonical(url)
    except Permanent:
        return ""


@given(URLS)
@example("http://h/??#")
def test_canonical_is_idempotent(url: str) -> None:
    once = parsed(url)
    assert parsed(once) == once


@given(URLS)
def test_a_canonical_url_can_be_fetched_as_it_stands(url: str) -> None:
    once = parsed(url)
    assert not once or fetchable(once) == once


@given(URLS, st.sampled_from([*sorted(NAMES), *(f"{prefix}x" for prefix in PREFIXES)]))
def test_tracking_changes_nothing(url: str, name: str) -> None:
    once = parsed(url)
    marked = once + ("&" if "?" in once else "?") + f"{name}=1"
    assert not once or len(marked) > 2000 or canonical(marked) == once


@given(st.text(st.characters(min_codepoint=0x620, max_codepoint=0x64A), min_size=1, max_size=30))
def test_raw_and_escaped_arabic_are_one_article_in_any_case(word: str) -> None:
    escaped = quote(word)
    ids = {article_id(canonical(f"http://h/{path}")) for path in (word, escaped, escaped.lower())}
    assert len(ids) == 1
