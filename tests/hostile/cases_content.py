"""69-84: sitemaps in gzip, XML, HTML, JSON-LD, dates and texts."""

import gzip

from tests.hostile.case import SENTENCE, TITLE, Case, article, feed, http, item

PASSWD = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>'
LAUGHS = (
    "<!DOCTYPE r [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(12))
    + "]>"
)
QUADRATIC = f"<!DOCTYPE r [<!ENTITY a '{'ha' * 50_000}'>]>"


def rss(number: int, name: str, outcome: str, body: bytes, **says: object) -> Case:
    """Return a case of a feed."""
    return Case(number, name, outcome, http(body, kind="application/rss+xml"), kind="feed", says=says)


ONE = {"entries": 1, "titles": [TITLE]}
XML = [
    rss(70, "file entity", "permanent xml_dtd", feed(item(title="&x;"), head=PASSWD)),
    rss(70, "http entity", "permanent xml_dtd", feed(item(), head=OUTSIDE)),
    rss(
        70, "file entity in utf-16", "permanent xml_dtd", feed(item(title="&x;"), head=PASSWD).decode().encode("utf-16")
    ),
    rss(71, "billion laughs", "permanent xml_dtd", feed(item(title="&m;"), head=LAUGHS)),
    rss(71, "quadratic blowup", "permanent xml_dtd", feed(item(title="&a;" * 10_000), head=QUADRATIC)),
    rss(72, "deep nesting", "accepted", feed(item(more=f"<x>{'<a>' * 50_000}</x>"), item(2)), entries=2),
    rss(73, "junk before it", "accepted", b"PHP Warning: include(): failed in /srv/a.php\n" + feed(item()), **ONE),
    rss(74, "bare ampersand", "accepted", feed(item(title="أ & ب&nbsp;ت")), titles=["أ & ب ت"]),
    rss(75, "cut", "accepted", feed(item(), item(2))[:-50], entries=1),
    rss(76, "undeclared prefix", "accepted", feed(item(more='<dc:creator>س</dc:creator><media:x url="1"/>')), **ONE),
    rss(77, "100,000 items", "accepted", feed(*(item(number, "خ") for number in range(100_000))), entries=2000),
    rss(77, "300,000 tags", "accepted", feed(item(), item(2, more="<a></a>" * 150_000), item(3)), entries=3),
    rss(78, "html", "permanent not_a_feed", article().encode()),
    rss(78, "json", "permanent not_a_feed", b'{"a": [1, 2]}'),
]


def urls(count: int, root: str = "urlset", path: str = "/a/{}") -> bytes:
    """Return a sitemap, or an index of sitemaps."""
    one = "url" if root == "urlset" else "sitemap"
    places = "".join(f"<{one}><loc>{path.format(number)}</loc></{one}>" for number in range(count))
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</{root}>'.encode()


def sitemap(number: int, name: str, outcome: str, body: bytes, *headers: str, **says: object) -> Case:
    """Return a case of a sitemap; what is not XML is a .gz."""
    kind = "application/xml" if body.startswith(b"<") else "application/gzip"
    return Case(number, name, outcome, http(body, *headers, kind=kind), kind="sitemap", says=says)


CODED = "Content-Encoding: gzip"
MAPS = [
    sitemap(69, "gz", "accepted", gzip.compress(urls(3)), entries=3, problems=[]),
    sitemap(69, "gz in gzip", "accepted", gzip.compress(gzip.compress(urls(3))), CODED, entries=3, problems=[]),
    sitemap(69, "gz cut", "accepted", gzip.compress(urls(300))[:-9], problems=["the gzip file is cut off"]),
    sitemap(69, "64 MB of gz", "permanent too_large", gzip.compress(bytes(2**26))),
    sitemap(77, "60,000 urls", "accepted", urls(60_000), entries=2000),
    sitemap(77, "60,000 parts", "accepted", urls(60_000, "sitemapindex"), entries=0),
    sitemap(77, "five million tags", "accepted", gzip.compress(urls(2)[:-9] + b"<a/>" * 5_000_000, 1), entries=2),
    sitemap(79, "names itself", "accepted", urls(2, "sitemapindex", "/79/names-itself"), further=[]),
    sitemap(
        79,
        "names another host",
        "accepted",
        urls(2, "sitemapindex", "http://127.0.0.9/{}.xml"),
        further=[],
        left_off=["2 listings on other sites were not read"],
    ),
]


def html(number: int, name: str, outcome: str, page: str, **says: object) -> Case:
    """Return a case of an article's page."""
    return Case(number, name, outcome, http(page.encode("utf-8", "surrogatepass")), says=says)


def json_ld(text: str) -> str:
    """Return a page with a block of JSON-LD."""
    return article(head=f'<script type="application/ld+json">{text}</script>')


NEWS = '"@type": "NewsArticle"'
CROWDED = " ".join(f"a{i}=1" for i in range(100_000))
HTML = [
    html(80, "100,000 attributes", "accepted", article(f"<p {CROWDED}>{SENTENCE}</p>"), title=TITLE),
    html(80, "200,000 divs", "rejected parse_limit", article("<div>" * 200_000)),
    html(80, "deep divs", "accepted", article("<div>" * 3000), title=TITLE),
    html(80, "deep menus", "rejected parse_limit", article("<nav>" * 3000)),
    html(80, "large text", "rejected parse_limit", article(SENTENCE * (10_200_000 // len(SENTENCE.encode())))),
    html(80, "100,000 line breaks", "rejected parse_limit", article("<br>كلمة" * 100_000)),
    html(
        81,
        "script",
        "accepted",
        article("<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>س</a>"),
        title=TITLE,
    ),
    html(81, "script in the title", "accepted", article(title=f"{TITLE}&lt;script&gt;")),
    html(82, "depth", "accepted", json_ld("[" * 100_000), title=TITLE),
    html(82, "not a number", "accepted", json_ld(f'{{{NEWS}, "wordCount": NaN}}'), title=TITLE),
    html(82, "keys twice", "accepted", json_ld(f'{{{NEWS}, "headline": "أ", "headline": "{TITLE}"}}'), title=TITLE),
    html(82, "5,000 digits", "accepted", json_ld(f'{{{NEWS}, "x": {"1" * 5000}}}'), title=TITLE),
    html(82, "comments", "accepted", json_ld(f"/* ... */ {{{NEWS}}} // ..."), title=TITLE),
]


def dated(number: int, name: str, date: str, published: str) -> Case:
    """Return a case of a page's date."""
    return html(
        number,
        name,
        "accepted",
        article(head=f'<meta property="article:published_time" content="{date}">'),
        published=published,
    )


DATES = [
    dated(83, "levant month", "23 تشرين الثاني 2026", "2026-11-22T21:00:00+00:00"),
    dated(83, "maghreb month", "23 نونبر 2026 10:30", "2026-11-23T07:30:00+00:00"),
    dated(83, "arabic digits", "٢٣ نوفمبر ٢٠٢٦", "2026-11-22T21:00:00+00:00"),
    dated(83, "AST", "Mon, 23 Nov 2026 10:30:00 AST", "2026-11-23T07:30:00+00:00"),
    *(
        dated(83, name, date, "")
        for name, date in (
            ("year 1970", "1970-01-01T00:00:00Z"),
            ("far future", "2099-01-01"),
            ("no such time", "2026-11-23T25:61:00Z"),
            ("nonsense", "قبل قليل جدا"),
            ("no date", ""),
        )
    ),
    Case(
        83,
        "hijri",
        "accepted",
        http(article(head='<meta property="article:published_time" content="1448-06-13">').encode()),
    ),
]

TEXTS = [
    html(84, "bidi overrides", "accepted", article(title=f"\u202e{TITLE}\u202c"), title=TITLE),
    html(84, "zero width", "accepted", article(title=TITLE.replace("ا", "ا\u200b")), title=TITLE),
    html(84, "tatweel flood", "accepted", article(title=TITLE.replace("م", "م" + "ـ" * 5000, 1)), title=TITLE),
    html(84, "a long word", "accepted", article(f"<p>{'ك' * 900_000}</p>"), title=TITLE),
    html(84, "a word of a million", "rejected too_long", article(f"<p>{'ك' * 1_000_000}</p>")),
    html(84, "empty title", "rejected no_title", article(title="")),
    html(84, "10 MB", "permanent too_large", article(f"<p>{SENTENCE * 65_000}</p>")),
    Case(84, "long id", "accepted", http(article().encode()), url="{site}/84/long-id?" + "a" * 1900),
]
