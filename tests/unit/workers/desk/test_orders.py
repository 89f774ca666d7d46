"""What an editor changes: the desk leaves a note, and shows the answer."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from redis.exceptions import AuthenticationError
from starlette.testclient import TestClient

from ingest.desk.order import Answer, order_id
from tests.unit.workers.desk.conftest import PASSWORDS, token
from tests.unit.workers.desk.news import NOW
from workers.desk.app import application
from workers.desk.desk import Desk
from workers.frontier.mailbox import ANSWERS, MOST, Mailbox


def ordered(browser: TestClient, **fields: str) -> str:
    """Send an order; return the page that follows."""
    answer = browser.post("/orders", data={"token": token(browser, "/sources"), **fields})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (order_id(NOW - timedelta(minutes=4), "a"), "والجواب بعد لحظات"),
        (order_id(NOW - timedelta(minutes=6), "a"), "لم يأت جواب"),
        ("x", ""),
        ("ffffffffffffffffff-a", "لم يأت جواب"),
    ],
)
def test_an_answer_is_not_waited_for_for_ever(editor: TestClient, wanted: str, said: str) -> None:
    page = editor.get("/sources", params={"order": wanted}).text
    assert ("hx-trigger" in page.partition('id="orders"')[2]) == (said == "والجواب بعد لحظات")
    assert ("لم يأت جواب" in page) == (said == "لم يأت جواب")


def test_a_source_is_added_by_a_note_and_the_page_waits(editor: TestClient, mailbox: Mailbox) -> None:
    page = ordered(editor, what="add", url=" https://new.example ", name="جديد")
    order = mailbox.take()
    assert order is not None
    assert (order.what, order.url, order.name) == ("add", "https://new.example", "جديد")
    assert f'hx-get="/sources?order={order.id}"' in page
    mailbox.answer(Answer(order=order, at=NOW))
    later = editor.get(f"/sources?order={order.id}").text.split('id="orders"')[1]
    assert "hx-get" not in later
    assert "جديد" in later
    assert "تم" in later


@pytest.mark.parametrize("what", ["pause", "remove"])
def test_a_source_is_changed_by_its_button(editor: TestClient, mailbox: Mailbox, what: str) -> None:
    page = editor.get("/sources").text
    (key, *_) = re.findall('name="source" value="([^"]+)"', page)
    assert f'value="{what}"' in page
    ordered(editor, what=what, source=key)
    order = mailbox.take()
    assert order is not None
    assert (order.what, order.source) == (what, key)


def test_a_source_whose_failures_are_tried_again_is_named(editor: TestClient) -> None:
    key = f"{1:032x}"
    page = editor.get(f"/failures?source={key}").text
    (name,) = re.findall('name="name" value="([^"]+)"', page)
    assert name == "دفاتر الوادي"
    assert 'name="name"' not in editor.get(f"/failures?source={key}&reason=http_404").text


def test_failures_are_tried_again_by_a_click(editor: TestClient, mailbox: Mailbox) -> None:
    assert 'value="retry"' in editor.get("/failures?reason=http_404").text
    ordered(editor, what="retry", reason="http_404")
    order = mailbox.take()
    assert order is not None
    assert order.reason == "http_404"
    mailbox.answer(Answer(order=order, at=NOW, number=3))
    assert "ما أُعيد إلى العمل: 3" in editor.get("/failures").text


def test_what_a_dry_run_found_is_text(editor: TestClient, mailbox: Mailbox) -> None:
    ordered(editor, what="try", url="https://new.example")
    order = mailbox.take()
    assert order is not None
    mailbox.answer(Answer(order=order, at=NOW, number=1, found=("<script>alert(1)</script>",)))
    assert "&lt;script&gt;alert(1)" in editor.get("/sources").text


def test_why_it_was_not_done_is_said(editor: TestClient, mailbox: Mailbox) -> None:
    ordered(editor, what="try", url="https://new.example")
    order = mailbox.take()
    assert order is not None
    mailbox.answer(Answer(order=order, at=NOW, ok=False, said="robots: https://new.example"))
    assert "robots: https://new.example" in editor.get("/sources").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"what": "add", "url": "file:///etc/passwd"}, 400),
        ({"what": "add", "url": "not an address"}, 400),
        ({"what": "retry"}, 400),
        ({"what": "format"}, 404),
        ({}, 404),
    ],
)
def test_what_is_no_order_is_refused(editor: TestClient, mailbox: Mailbox, fields: dict[str, str], status: int) -> None:
    answer = editor.post("/orders", data={"token": token(editor, "/sources"), **fields})
    assert (answer.status_code, mailbox.waiting()) == (status, 0)


def test_readers_order_nothing_and_see_no_buttons(reader: TestClient, mailbox: Mailbox) -> None:
    assert 'action="/orders"' not in reader.get("/sources").text
    assert reader.post("/orders", data={"token": token(reader, "/"), "what": "remove"}).status_code == 403
    assert mailbox.waiting() == 0


def test_an_answer_of_another_version_hides_no_other(editor: TestClient, mailbox: Mailbox) -> None:
    ordered(editor, what="try", url="https://new.example")
    order = mailbox.take()
    assert order is not None
    mailbox.answer(Answer(order=order, at=NOW, ok=False, said="robots"))
    mailbox._redis.lpush(ANSWERS, b'{"order": {"what": "dream"}}')
    assert "robots" in editor.get("/sources").text


def test_orders_do_not_pile_up(editor: TestClient, mailbox: Mailbox) -> None:
    for _ in range(MOST):
        ordered(editor, what="remove", source="x")
    answer = editor.post("/orders", data={"token": token(editor, "/sources"), "what": "remove", "source": "x"})
    assert (answer.status_code, mailbox.waiting()) == (503, MOST)


def test_without_redis_an_editor_reads_as_a_reader(
    editor: TestClient, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"token": token(editor, "/sources"), "what": "remove", "source": "x"}

    def away(*_: object) -> None:
        raise AuthenticationError("no such user yet")

    monkeypatch.setattr(mailbox._redis, "lrange", away)
    monkeypatch.setattr(mailbox._redis, "llen", away)
    assert 'action="/orders"' not in editor.get("/sources").text
    assert editor.post("/orders", data=form).status_code == 503


def test_a_desk_alone_names_the_command(desk: Desk) -> None:
    browser = TestClient(application(replace(desk, mailbox=None)), base_url="https://desk.test")
    form = {"token": token(browser), "name": "editor", "password": PASSWORDS["editor"]}
    browser.post("/login", data=form)
    assert 'action="/orders"' not in browser.get("/sources").text
    assert "warraq retry --reason 'http_404'" in browser.get("/failures?reason=http_404").text
