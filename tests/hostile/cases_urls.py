"""1-13 and 14-26: URLs, and the addresses behind them."""

from tests.hostile.case import Case, article, http

PAGE = http(article().encode())
ARABIC_HOST = "xn--mgbh0fb.xn--kgbechtv"
MIXED_HOST = "xn--exmple-4nf.test"
"""«exаmple» with a Cyrillic а."""

URLS = [
    *(
        Case(1, f"scheme {url.partition(':')[0]}", "permanent url_scheme", url=url)
        for url in (
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://example.org/a",
            "gopher://127.0.0.1:6379/_INFO",
        )
    ),
    Case(2, "userinfo", "permanent url_userinfo", url="http://example.org@127.0.0.1:{port}/"),
    Case(3, "too long", "permanent url_too_long", url="{site}/" + "a" * 2048),
    *(
        Case(4, f"control {ord(char)}", "permanent url_invalid", url=f"{{site}}/a{char}Host: inner")
        for char in "\r\n\0\x7f"
    ),
    Case(4, "space", "accepted", PAGE, url="{site}/4/space?a b"),
    Case(5, "backslashes", "accepted", PAGE, url=r"http:\\127.0.0.1:{port}\5\backslashes"),
    Case(
        6,
        "arabic host",
        "accepted",
        PAGE,
        url="http://مثال.إختبار:{port}/6/arabic-host",
        pinned=(f"{ARABIC_HOST}:{{port}}:127.0.0.1",),
        says={"warnings": []},
    ),
    Case(
        7,
        "mixed scripts",
        "accepted",
        PAGE,
        url="http://exаmple.test:{port}/7/mixed-scripts",
        pinned=(f"{MIXED_HOST}:{{port}}:127.0.0.1",),
        says={"warnings": ["host_mixes_scripts"]},
    ),
    Case(8, "خبر", "accepted", url="{site}/8/خبر"),
    Case(8, "%D8%AE%D8%A8%D8%B1", "accepted", PAGE),
    Case(9, "%zz", "accepted", PAGE),
    *(
        Case(
            10,
            f"port {port}",
            "permanent port_forbidden",
            url=f"http://site.test:{port}/",
            pinned=(f"site.test:{port}:1.1.1.1",),
        )
        for port in (22, 6379, 9200)
    ),
    Case(11, "relative", "permanent url_invalid", url="/news/1"),
    Case(12, "variants", "accepted", PAGE),
    Case(12, "variants with tracking", "accepted", url="{site}/12/variants?utm_source=x&fbclid=1#top"),
    Case(13, "no host", "permanent url_invalid", url="http://"),
    Case(13, "three slashes", "permanent url_invalid", url="http:///"),
]


def inner(number: int, name: str, url: str, *pinned: str) -> Case:
    """Return a URL that leads inside; the tests of addresses ask for these without permission for loopback."""
    return Case(number, name, "permanent address_blocked", url=url, pinned=pinned)


ADDRESSES = [
    *(inner(14, url, f"http://{url}:{{port}}/") for url in ("127.0.0.1", "[::1]", "0.0.0.0", "[::]", "localhost")),
    *(
        inner(15, url, f"http://{url}:{{port}}/")
        for url in ("127.1", "2130706433", "0x7f000001", "0177.0.0.1", "017700000001", "0x7f.1", "0", "127.0.0.1.")
    ),
    *(
        inner(16, url, f"http://{url}:{{port}}/")
        for url in ("①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.０.０.１", "%31%32%37.0.0.1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ")
    ),
    *(
        inner(17, host, f"http://[{host}]/")
        for host in ("::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "::ffff:0:127.0.0.1")
    ),
    *(inner(18, host, f"http://{host}/latest/") for host in ("169.254.169.254", "[fd00:ec2::254]", "100.100.100.200")),
    *(inner(19, host, f"http://{host}/") for host in ("224.0.0.1", "255.255.255.255", "[ff02::1]")),
    inner(20, "inner first", "http://both.test/", "both.test:80:10.0.0.1,1.1.1.1"),
    inner(26, "elasticsearch", "http://elasticsearch:9200/", "elasticsearch:9200:172.18.0.2"),
    inner(26, "redis", "http://redis:6379/", "redis:6379:172.18.0.3"),
]

NAMES = [
    Case(
        20,
        "open one first",
        "accepted",
        PAGE,
        url="http://both.test:{port}/20/open-one-first",
        pinned=("both.test:{port}:127.0.0.1,10.0.0.1",),
    ),
    Case(
        20,
        "dead open one first",
        "permanent address_blocked",
        url="http://both.test:9/",
        pinned=("both.test:9:127.0.0.1,10.0.0.1",),
    ),
    Case(
        21,
        "rebinding",
        "permanent address_blocked",
        http(b"", "Location: http://rebind.test/second", status="302 Found"),
        url="http://rebind.test:{port}/21/rebinding",
        pinned=("rebind.test:{port}:127.0.0.1", "rebind.test:80:10.0.0.1"),
    ),
    Case(22, "no such name", "transient dns", url="http://no-such-host.invalid/"),
    *(
        Case(
            24,
            f"redirect to {host}",
            "permanent address_blocked",
            http(b"", f"Location: http://{host}/", status="302 Found"),
        )
        for host in ("10.0.0.1", "169.254.169.254", "[fd00::1]")
    ),
    *(
        Case(
            25,
            f"redirect to {url.partition(':')[0]}",
            "permanent url_scheme",
            http(b"", f"Location: {url}", status="302 Found"),
        )
        for url in ("file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "data:text/html,x")
    ),
]
