"""robots.txt: Google's published cases, and what RFC 9309 asks beyond them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.policy.robots import MAX_BYTES, MAX_LINE, RobotsRules, ours

TABLE = Path(__file__).parent / "robots_table.txt"
Case = tuple[str, str, str, bool, bool]


def cases() -> Iterator[Case]:
    """Yield the table's lines as (robots.txt, agent, path, may it fetch, do we depart)."""
    text = ""
    for line in TABLE.read_text("utf-8").partition("\n\n")[2].splitlines():
        if " -> " in line:
            asked, _, told = line.partition(" -> ")
            agent, _, path = asked.partition(" ")
            yield text, agent.strip("+").replace("_", " "), path.strip("+"), told.startswith("yes"), "!" in told
        elif line and not line.startswith("##"):
            text = line.strip("+").replace(" | ", "\n")


def allowed(text: str, agent: str, path: str) -> bool:
    return RobotsRules(ours(text.encode(), agent)).allow(f"http://h{path}" if path else "")


def test_googles_cases_but_three() -> None:
    """Those three want a URL that is not percent-encoded to match nothing; ours are encoded, and both forms match."""
    found = list(cases())
    wrong = [case for case in found if allowed(*case[:3]) is not case[3]]
    assert len(found) == 140
    assert wrong == [case for case in found if case[4]]
    assert len(wrong) == 3


def test_a_long_line_counts_up_to_googles_limit() -> None:
    long = "/x/".ljust(MAX_LINE - len("disallow: "), "a")
    assert not allowed(f"user-agent: FooBot\ndisallow: {long}/qux\n", "FooBot", f"{long}/fux")
    assert allowed(f"user-agent: FooBot\ndisallow: {long}/qux\n", "FooBot", "/fux")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_one(ends: str) -> None:
    text = ends.join(("User-Agent: foo", "Allow: /some/path", "User-Agent: bar", "", "", "Disallow: /"))
    assert not allowed(text, "bar", "/some/path")
    assert allowed(text, "foo", "/other")


@pytest.mark.parametrize(("mark", "obeyed"), [(b"\xef\xbb\xbf", True), (b"\xef\xbb", True), (b"\xef\x11\xbf", False)])
def test_a_byte_order_mark_is_skipped(mark: bytes, obeyed: bool) -> None:  # noqa: FBT001
    rules = RobotsRules(ours(mark + b"User-Agent: foo\nDisallow: /", "foo"))
    assert rules.allow("http://h/") is not obeyed


@pytest.mark.parametrize("charset", ["utf-16", "utf-8-sig", "windows-1256"])
def test_an_editor_s_charset_hides_no_rule(charset: str) -> None:
    rules = RobotsRules(ours("# ممنوع\nUser-agent: *\nDisallow: /1\n".encode(charset)))
    assert (rules.allow("http://h/1"), rules.allow("http://h/2")) == (False, True)


@pytest.mark.parametrize("between", ["Crawl-delay: 9", "Sitemap: http://h/s.xml", "Noindex: /a", "Host: h", "what?"])
def test_no_other_line_ends_a_list_of_agents(between: str) -> None:
    text = f"User-agent: warraq\n{between}\nUser-agent: other\nDisallow: /"
    assert not allowed(text, "warraq", "/1")


def test_only_our_whole_name_is_ours() -> None:
    for name in ("war", "warraqbot", "my-warraq", "warraq-images"):
        assert allowed(f"User-agent: {name}\nDisallow: /", "warraq", "/1"), name
    for name in ("warraq", "WARRAQ", "warraq/1.0", "Warraq (news)"):
        assert not allowed(f"User-agent: {name}\nDisallow: /", "warraq", "/1"), name


@pytest.mark.parametrize(
    ("rule", "path"),
    [("/خبر/", "/%D8%AE%D8%A8%D8%B1/1"), ("/%d8%ae%d8%a8%d8%b1/", "/خبر/1"), ("/خبر/*/طباعة$", "/خبر/1/طباعة")],
)
def test_arabic_paths_match_in_every_spelling(rule: str, path: str) -> None:
    assert not allowed(f"User-agent: *\nDisallow: {rule}", "warraq", path)
    assert allowed(f"User-agent: *\nDisallow: {rule}", "warraq", "/رأي/1")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 7.5", 7.5),
        ("User-agent: *\nCrawl-delay: 600", 60.0),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: -3", 0.0),
        ("User-agent: *\nCrawl-delay: 2,5", 2.5),
        ("User-agent: *\nCrawl-delay: 10s", 10.0),
        ("User-agent: *\nCrawl-delay: inf", 0.0),
        ("\u200fUser-agent: *\n\u200fCrawl-delay: \u200e10\u200f", 10.0),
        ("User-agent: bing\nCrawl-delay: 30\nUser-agent: *\nDisallow: /a", 0.0),
        ("User-agent: bing\nUser-agent: *\nCrawl-delay: 30\nDisallow: /a", 30.0),
        ("User-agent: *\nCrawl-delay: 30\nUser-agent: warraq\nCrawl-delay: 2", 2.0),
        ("", 0.0),
    ],
)
def test_the_crawl_delay_is_ours_and_at_most_a_minute(text: str, seconds: float) -> None:
    assert RobotsRules(ours(text.encode())).crawl_delay_s == seconds


@pytest.mark.parametrize(
    "body", [b"", b"<!doctype html><html><body>Not found</body></html>", b"\xff\xfe\x00", b"# none"]
)
def test_what_has_no_rule_allows_everything(body: bytes) -> None:
    assert ours(body) == ""


def test_a_file_is_cut_at_half_a_mebibyte_on_a_line_end() -> None:
    head = b"User-agent: *\n" + b"# nothing\n" * (MAX_BYTES // 10 - 2)
    body = head + b"Disallow: /cut-in-the-middle\nDisallow: /far\n"
    assert len(head) < MAX_BYTES < len(body)
    rules = RobotsRules(ours(body))
    assert rules.allow("http://h/far")
    assert rules.allow("http://h/cut"), "half a rule would say more than the site does"
