"""85-97: listings, archives and answers as they are met in the field, one number for each kind of fault."""

from datetime import UTC, datetime, timedelta

from tests.hostile.case import SENTENCE, TITLE, Case, article, feed, http, item

NOW = datetime.now(UTC)
MARK = "\u200f"
COMMENT = f"<!-- {'رخصة الاستخدام ' * 400} -->"
DATES = ("0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "Wed, 30 Nov -0001 00:00:00 +0000", "99999999999999999999")
AUTHORS = ("<author/>", "<author>a@</author>", "<author>&lt;a href=x&gt;</author>")
LEFT_OFF = "60 further listings: only the first 25 are read"
CLOCK = "all 12 entries say they changed at the same moment: that is not believed"
WARC = (
    "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://example.org/1\r\nWARC-Truncated: {}\r\n"
    "Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n"
)


def listed(number: int, name: str, body: bytes, kind: str = "feed", outcome: str = "accepted", **says: object) -> Case:
    """Return a case of a listing."""
    return Case(number, name, outcome, http(body, kind="application/xml"), kind=kind, says=says)


def atom(*entries: str) -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(entries)}</feed>'.encode()


def urlset(*urls: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>"


def index(names: list[str]) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{name}</loc></sitemap>' for name in names)}</sitemapindex>".encode()


def updated(at: datetime) -> bytes:
    return atom(*(f'<entry><link href="/{n}"/><updated>{at.isoformat()}</updated></entry>' for n in range(12)))


def archived(why: str, body: str) -> bytes:
    page = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}".encode()
    return WARC.format(why, len(page)).encode() + page + b"\r\n\r\n"


def robots(name: str, outcome: str, answer: bytes, **says: object) -> Case:
    return Case(90, name, outcome, answer, kind="robots", says=says)


SOURCES = [
    listed(85, "dates", feed(*(item(n, more=f"<pubDate>{date}</pubDate>") for n, date in enumerate(DATES))), entries=4),
    listed(85, "authors", feed(*(item(n, more=one) for n, one in enumerate(AUTHORS))), entries=3, problems=[]),
    listed(85, "no link", feed(item(), f"<item><title>{TITLE}</title></item>"), entries=1),
    listed(85, "json", b'{"version": "https://jsonfeed.org/version/1", "items": [null, 3, {"url": "/1"}]}', entries=1),
    listed(86, "last alternate", atom('<entry><link href="/1"/><link hreflang="en" href="/en/1"/></entry>'), entries=1),
    listed(86, "guid", feed(f"<item><title>{TITLE}</title><link/><guid>http://example.org/7</guid></item>"), entries=1),
    listed(86, "zone", feed(item(more="<pubDate>2026-11-23T10:30:00+99:99</pubDate>")), entries=1, problems=[]),
    listed(87, "mailbox", feed(item(more=f"<author>a@{'a.' * 500_000}</author>")), entries=1),
    listed(87, "spaces", feed(item(more=f"<pubDate>{' ' * 1_000_000}x</pubDate>")), entries=1),
    listed(87, "unclosed", feed(item(more="<b>" * 300_000)), entries=1),
    listed(88, "one moment", updated(NOW - timedelta(days=9)), entries=12, problems=[CLOCK]),
    listed(88, "just now", updated(NOW), entries=12, problems=[CLOCK]),
    listed(89, "60 parts", index([f"/{n}.xml" for n in range(60)]), "sitemap", left_off=[LEFT_OFF]),
    listed(89, "60,000 parts", index(["/1.xml"] * 60_000), "sitemap", entries=0),
    robots("challenge", "accepted", http(b"<title>Just a moment...</title>", status="403 Forbidden"), allowed=True),
    robots("undecodable", "accepted", http(b"User-agent: *\nDisallow: /", "Content-Encoding: gzip"), allowed=True),
    robots("huge", "accepted", http(b"#" * 11_000_000), allowed=True),
    robots("page", "accepted", http(article().encode()), allowed=True),
    robots("closed", "accepted", http(b"User-agent: *\nDisallow: /"), allowed=False),
    robots("busy", "transient robots_unavailable", http(b"", status="503 Unavailable")),
    Case(
        91,
        "fraction",
        "transient http_429",
        http(b"", "Retry-After: 299.997", status="429 x"),
        says={"retry_after_s": 299.997},
    ),
    Case(
        91,
        "etag",
        "accepted",
        http(article().encode(), 'ETag: "خبر\t1"', "Set-Cookie: \x01=\x02"),
        says={"title": TITLE},
    ),
    Case(
        91,
        "no coding",
        "accepted",
        http(article().encode(), 'Content-Encoding: "none", utf-8;q=1'),
        says={"title": TITLE},
    ),
    Case(
        91,
        "cookies",
        "permanent redirect_limit",
        http(b"", "Location: /91/cookies", "Set-Cookie: " + "a=" * 5000, status="302 x"),
    ),
    Case(
        92, "marks", "accepted", http(article().encode()), url=f"{MARK}{{site}}/92/marks{MARK}", says={"title": TITLE}
    ),
    Case(92, "marked goal", "accepted", http(b"", f"Location: {MARK}/92/marks", status="302 x"), says={"title": TITLE}),
    Case(92, ";jsessionid=1", "accepted", http(article().encode()), says={"title": TITLE}),
    listed(
        92,
        "links",
        urlset(f"{MARK}http://example.org/1", "//example.org/2", "\\\\example.org\\3").encode(),
        "sitemap",
        entries=3,
    ),
    listed(93, "long comment", (COMMENT + urlset("/1")).encode(), entries=1),
    listed(93, "feed", feed(item()), "sitemap", entries=1),
    listed(93, "sitemap", urlset("/1").encode(), entries=1),
    listed(93, "page", b"<!doctype html><!-- <rdf:RDF> --><p>x", outcome="permanent not_a_feed"),
    Case(94, "length", "accepted", http(archived("length", article())), kind="warc", says={"truncated": [True]}),
    Case(94, "whole", "accepted", http(archived("", article())), kind="warc", says={"truncated": [False]}),
    Case(94, "scrap", "accepted", http(archived("time", "<p>خبر من")), kind="warc", says={"truncated": []}),
    listed(96, "other site", feed(item(more=f"<description>{SENTENCE * 5}</description>")), "full", inline=0),
    Case(
        97,
        "noarchive",
        "accepted",
        http(article().encode(), "X-Robots-Tag: noarchive"),
        kind="keep",
        says={"kept": False},
    ),
    Case(
        97,
        "meta",
        "accepted",
        http(article(head="<meta name=robots content=noarchive>").encode()),
        kind="keep",
        says={"kept": False},
    ),
    Case(97, "no page", "accepted", http(b"%PDF-1.4 \xff", "X-Robots-Tag: nocache"), kind="keep", says={"kept": False}),
    Case(97, "nothing said", "accepted", http(b"%PDF-1.4 \xff"), kind="keep", says={"kept": True}),
]
