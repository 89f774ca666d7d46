"""Who is let in, and what a form must know."""

import pytest
from starlette.testclient import TestClient

from tests.unit.workers.desk.conftest import PASSWORDS, signed_in, token
from workers.desk.app import ROUTES
from workers.desk.door import OPEN, own_path
from workers.desk.limiter import TRIES, WITHIN_S, Limiter
from workers.desk.limiter import visitor as visitor_of

CLOSED = [route.path for route in ROUTES if not route.path.startswith(tuple(one.rstrip("/") for one in OPEN))]


@pytest.mark.parametrize("path", CLOSED)
def test_every_page_but_the_open_ones_asks_who_it_is(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path.replace("{id}", "0" * 32), follow_redirects=False)
    if answer.status_code == 303:
        assert answer.headers["location"].startswith("/login")
    else:
        assert answer.status_code == 405, "a form without a page"
    assert CLOSED


def test_after_signing_in_one_is_where_one_wanted_to_be(visitor: TestClient) -> None:
    wanted = visitor.get("/?q=%D9%82%D8%B7%D9%86&sort=newest")
    assert wanted.url.path == "/login"
    form = {"token": token(visitor, str(wanted.url)), "name": "reader", "password": PASSWORDS["reader"]}
    back = wanted.text.split('name="next" value="')[-1].split('"')[0].replace("&amp;", "&")
    answer = visitor.post("/login", data=form | {"next": back})
    assert answer.url.query == b"q=%D9%82%D8%B7%D9%86&sort=newest"
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "form", [{"name": "reader", "password": ""}, {"name": "editor", "password": PASSWORDS["reader"]}, {"name": "root"}]
)
def test_a_wrong_password_opens_nothing(visitor: TestClient, form: dict[str, str]) -> None:
    answer = visitor.post("/login", data={"token": token(visitor)} | form)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert visitor.get("/").url.path == "/login"


def test_who_tries_too_often_has_to_wait(visitor: TestClient) -> None:
    form = {"token": token(visitor), "name": "editor", "password": "guess"}
    codes = [visitor.post("/login", data=form).status_code for _ in range(TRIES + 1)]
    assert codes == [401] * TRIES + [429]
    refused = visitor.post("/login", data=form | {"password": PASSWORDS["editor"]})
    assert (refused.status_code, int(refused.headers["retry-after"]) <= WITHIN_S) == (429, True)
    assert "بعد 5 دقائق" in refused.text


def test_tries_are_forgotten_after_a_while() -> None:
    now = 0.0
    limiter = Limiter(lambda: now)
    assert [limiter.attempt("a") for _ in range(TRIES)] == [0] * TRIES
    assert (limiter.attempt("a"), limiter.attempt("b")) == (WITHIN_S, 0)
    now = WITHIN_S + 1
    assert limiter.attempt("a") == 0


def test_who_knows_one_password_gets_no_more_tries_at_the_other() -> None:
    limiter = Limiter(lambda: 0.0)
    for _ in range(TRIES - 1):
        limiter.attempt("a")
        limiter.attempt("a")
        limiter.succeeded("a")
    assert (limiter.attempt("a"), limiter.attempt("a") > 0) == (0, True)


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1:2:3", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("testclient", "", False),
    ],
)
def test_a_visitor_is_who_pays_for_the_address(address: str, other: str, same: bool) -> None:  # noqa: FBT001  # pytest's
    assert (visitor_of(address) == visitor_of(other)) == same


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({}, {}),
        ({}, {"token": "00.00"}),
        ({"origin": "https://elsewhere.test"}, None),
        ({"sec-fetch-site": "cross-site"}, None),
        ({"sec-fetch-site": "same-site"}, None),
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(
    reader: TestClient, headers: dict[str, str], form: dict[str, str] | None
) -> None:
    form = {"token": token(reader, "/")} if form is None else form
    assert reader.post("/logout", data=form, headers=headers).status_code == 403
    assert reader.get("/").url.path == "/"


def test_a_form_passes_a_proxy_that_names_another_host(reader: TestClient) -> None:
    headers = {"origin": "https://news.example", "sec-fetch-site": "same-origin"}
    assert reader.post("/preferences", data={"token": token(reader, "/")}, headers=headers).status_code == 200


def test_a_token_of_another_session_is_none(visitor: TestClient, reader: TestClient) -> None:
    mine = token(reader, "/")
    visitor.cookies.clear()
    assert visitor.post("/login", data={"token": mine, "name": "reader"}).status_code == 403


@pytest.mark.parametrize("leaves", [False, True])
def test_a_token_from_before_signing_in_or_out_is_none(visitor: TestClient, leaves: bool) -> None:  # noqa: FBT001  # pytest's
    """Whoever plants a session in a browser would know its forms."""
    if leaves:
        signed_in(visitor, "reader")
    before = token(visitor)
    if leaves:
        visitor.post("/logout", data={"token": before})
    else:
        signed_in(visitor, "reader")
    assert visitor.post("/preferences", data={"token": before, "theme": "dark"}).status_code == 403


def test_two_pages_have_different_tokens(reader: TestClient) -> None:
    assert token(reader, "/") != token(reader, "/")


def test_a_cookie_is_secure_and_nobody_makes_one(visitor: TestClient) -> None:
    kept = visitor.get("/login").headers["set-cookie"]
    assert all(word in kept for word in ("Secure", "HttpOnly", "SameSite=lax"))
    visitor.cookies.set("warraq", "WyJlZGl0b3IiLCAiIl0.forged.mac", domain="desk.test")
    assert visitor.get("/").url.path == "/login"


def test_who_leaves_is_out(reader: TestClient) -> None:
    reader.post("/logout", data={"token": token(reader, "/")})
    assert reader.get("/").url.path == "/login"


def test_readers_change_nothing(reader: TestClient) -> None:
    answer = reader.post("/anything", data={"token": token(reader, "/")})
    assert (answer.status_code, "المحرر" in answer.text) == (403, True)


def test_editors_may(editor: TestClient) -> None:
    assert editor.post("/anything", data={"token": token(editor, "/")}).status_code == 404


def test_a_form_larger_than_any_of_ours_is_refused(reader: TestClient) -> None:
    assert reader.post("/logout", content=b"a" * 70_000).status_code == 413
    assert reader.post("/logout", content=b"&".join([b"a=1"] * 5000)).status_code == 403


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/?q=a", "/?q=a"),
        ("//evil.test", "/"),
        ("///evil.test", "/"),
        ("//[", "/"),
        ("/\\evil.test", "/"),
        ("https://evil.test", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_elsewhere(text: str, expected: str) -> None:
    assert own_path(text) == expected


def test_a_new_session_for_each_role(visitor: TestClient) -> None:
    assert "قارئ" in signed_in(visitor, "reader").get("/").text
    assert "محرر" in signed_in(visitor, "editor").get("/").text
