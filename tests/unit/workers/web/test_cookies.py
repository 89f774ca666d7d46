"""Cookies of one fetch."""

from workers.web.cookies import LONGEST, MOST, Cookies

HOME = "https://www.sahel.example/feed"


def kept(*lines: str, url: str = HOME) -> Cookies:
    jar = Cookies()
    jar.take(url, [f"{line}\r\n".encode() for line in lines])
    return jar


def test_a_redirects_cookie_goes_back_with_the_hops_that_follow() -> None:
    jar = kept("HTTP/1.1 302 Found", "Set-Cookie: ok=1; Path=/; HttpOnly", "SET-COOKIE: b=2=3")
    assert jar.header(HOME) == {"cookie": "ok=1; b=2=3"}
    jar.take(HOME, [b"set-cookie: ok=2"])
    assert jar.header(HOME) == {"cookie": "ok=2; b=2=3"}
    assert Cookies().header(HOME) == {}


def test_it_goes_to_its_own_host_or_to_the_domain_of_its_own_site() -> None:
    assert kept("Set-Cookie: a=1").header("https://sahel.example/") == {}
    wide = kept("Set-Cookie: a=1; Domain=.sahel.example")
    assert wide.header("https://m.sahel.example/") == wide.header("https://sahel.example/") == {"cookie": "a=1"}
    assert wide.header("https://notsahel.example/") == {}
    assert kept("Set-Cookie: a=1; Domain=other.example").header("https://other.example/") == {}
    assert kept("Set-Cookie: a=1; Domain=example").header("https://other.example/") == {}


def test_a_secure_one_stays_on_https() -> None:
    jar = kept("Set-Cookie: a=1; Secure")
    assert jar.header(HOME.replace("https", "http")) == {}
    assert jar.header(HOME) == {"cookie": "a=1"}


def test_what_would_break_a_request_or_fill_it_is_left_out() -> None:
    assert (
        kept("Set-Cookie: a=\tb", "Set-Cookie: خبر=1", "Set-Cookie: none", f"Set-Cookie: a={'x' * LONGEST}").header(
            HOME
        )
        == {}
    )
    many = kept(*(f"Set-Cookie: a{n}=1" for n in range(99))).header(HOME)
    assert many["cookie"].count("=") == MOST
