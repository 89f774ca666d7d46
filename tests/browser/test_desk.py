"""What people do at the desk, done in a browser: in both languages, at both widths, by keyboard, without JavaScript."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ingest.desk.order import Answer
from ingest.document import POLL, SOURCE, SOURCES
from ingest.model import Source
from ingest.polling.poll import Poll
from tests.browser.conftest import Visit
from tests.fake_search import FakeNews
from tests.unit.workers.desk.news import CHANGED, COPY, FIRST, HOSTILE, RESERVED, article
from workers.frontier.mailbox import Mailbox

WIDTHS = pytest.mark.parametrize(("language", "width"), [("ar", 1400), ("ar", 390)])
LANGUAGES = pytest.mark.parametrize(("language", "width"), [("ar", 1400), ("ar", 390), ("en", 390)])
PAGES = {
    "search": "/?q=القطن&each=1&source=dafatir.example",
    "nothing": "/?q=hgr'k&exact=1",
    "article": f"/article/{CHANGED}",
    "story": f"/article/{COPY}",
    "reference": f"/article/{RESERVED}",
    "hostile": f"/article/{HOSTILE}",
    "misread": f"/article/{FIRST}/misread?part=title",
    "today": "/today",
    "sources": "/sources",
    "failures": "/failures?reason=http_404",
    "follow": "/follow?q=القطن",
    "message": "/?from=never",
    "login": "/login",
}


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def type_and_search(page: Page, text: str) -> None:
    page.fill("#q", text)
    page.press("#q", "Enter")
    page.wait_for_url("**/?q=*")


def unfold(page: Page, name: str) -> None:
    """Open what is folded on a phone."""
    sheet = page.locator(f"details.{name}")
    if not sheet.locator("ul, .options").first.is_visible():
        sheet.locator("summary").first.click()


@LANGUAGES
def test_search_facet_brush_open_back_share(visit: Visit, language: str, width: int) -> None:
    page = visit(language=language, width=width)
    type_and_search(page, "القطن")
    expect(page.locator("mark").first).to_have_text("القطن")

    unfold(page, "facets")
    page.locator('a[href*="source=dafatir.example"]').click()
    page.wait_for_url("**source=dafatir.example*")
    expect(page.locator(".hits > li")).to_have_count(2)

    bars = page.locator("svg[data-brush] a")
    first, last = bars.first.bounding_box(), bars.last.bounding_box()
    assert first is not None
    assert last is not None
    assert (first["x"] > last["x"]) == (language == "ar"), "time runs as the script does"
    since = bars.first.get_attribute("data-since")
    page.mouse.move(first["x"] + 2, first["y"] + 40)
    page.mouse.down()
    page.mouse.move(last["x"] + 2, last["y"] + 40, steps=4)
    page.mouse.up()
    page.wait_for_url("**from=*to=*")
    assert asked(page)["source"] == ["dafatir.example"]
    assert asked(page)["from"] == [since]

    shared = page.url
    page.locator(".hits h2 a").first.click()
    expect(page.locator("article.text h1")).to_be_visible()
    page.go_back()
    assert page.url == shared
    expect(page.locator(".hits > li")).to_have_count(2)

    again = page.context.new_page()
    again.goto(shared)
    assert again.locator(".hits h2").all_inner_texts() == page.locator(".hits h2").all_inner_texts()


@LANGUAGES
def test_nothing_is_wider_than_its_page(visit: Visit, language: str, width: int) -> None:
    page = visit(language=language, width=width)
    wider = []
    for name, path in PAGES.items():
        page.goto(path)
        if not page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
            wider.append(name)
    assert wider == []


@pytest.mark.parametrize(
    ("language", "theme", "width", "names"),
    [("ar", "light", 1400, list(PAGES)), ("en", "dark", 390, ["search", "article", "today", "sources", "login"])],
)
def test_axe_finds_nothing(visit: Visit, language: str, theme: str, width: int, names: list[str]) -> None:
    page = visit(language=language, width=width, color_scheme=theme, bypass_csp=True)
    reports = []
    for name in names:
        page.goto(PAGES[name])
        page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        found = Axe().run(page)
        if found.violations_count:
            reports.append(f"{name}: {found.generate_report()}")
    assert reports == []


def test_by_keyboard_alone(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("القطن")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_visible()
    assert [one for one in tabbed(page, 12) if one.endswith("none")] == [], "the focus can be seen wherever it is"
    page.locator("svg[data-brush] a").last.focus()
    for key in ("Home", "Shift+ArrowLeft", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**from=*to=*")
    page.locator(".hits h2 a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("article.text h1")).to_be_visible()


def tabbed(page: Page, times: int) -> Iterator[str]:
    """Yield whatever has the focus and its outline, Tab by Tab; a bar of the histogram has a stroke in its place."""
    for _ in range(times):
        page.keyboard.press("Tab")
        yield page.evaluate(
            "(() => {const one = document.activeElement, hit = one.querySelector('rect.hit');"
            "return `${one.tagName} ${hit ? getComputedStyle(hit).stroke : getComputedStyle(one).outlineStyle}`})()"
        )


@WIDTHS
def test_without_javascript(visit: Visit, language: str, width: int) -> None:
    page = visit(language=language, width=width, java_script_enabled=False)
    type_and_search(page, "القطن")
    unfold(page, "facets")
    page.locator('a[href*="source=sanabel.example"]').first.click()
    assert asked(page)["source"] == ["sanabel.example"]
    unfold(page, "more-options")
    page.select_option("#sort", "newest")
    page.locator(".options button").click()
    assert (asked(page)["sort"], asked(page)["source"]) == (["newest"], ["sanabel.example"])
    page.locator(".hits h2 a").first.click()
    page.locator('a[href$="/misread"]').click()
    page.locator("main form button").click()
    assert "Misread: body of sanabel.example" in page.locator("#issue").inner_text()


def test_a_bar_is_clicked_without_javascript(visit: Visit) -> None:
    page = visit("/", java_script_enabled=False)
    page.locator("svg[data-brush] a").last.click()
    assert asked(page)["from"] == asked(page)["to"]


def test_completion_while_typing(visit: Visit) -> None:
    page = visit()
    page.locator("#q").press_sequentially("الانتخا")
    expect(page.locator("#completions option")).to_have_count(1)
    assert page.locator("#completions option").get_attribute("value") == "الانتخابات"


def test_did_you_mean_is_a_click(visit: Visit) -> None:
    page = visit("/?q=hgr'k")
    page.locator(".guess a").click()
    page.wait_for_url("**/?q=%D8*")
    assert unquote(asked(page)["q"][0]) == "القطن"


def test_a_facet_moves_only_what_moves(visit: Visit) -> None:
    page = visit("/?q=القطن")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.locator('a[href*="source=sanabel.example"]').click()
    page.wait_for_url("**source=sanabel.example*")
    assert page.locator("body").get_attribute("data-same") == "yes", "the page was not loaded anew"
    page.go_back()
    expect(page.locator(".hits > li")).to_have_count(2)


def test_preferences_are_buttons(visit: Visit) -> None:
    page = visit("/?q=القطن")
    for value in ("arab", "dark", "en"):
        page.locator("details.settings summary").click()
        page.locator(f'details.settings button[value="{value}"]').click()
    html = page.locator("html")
    assert (html.get_attribute("dir"), html.get_attribute("data-theme")) == ("ltr", "dark")
    assert re.search("[٠-٩] articles", page.locator(".found .head").inner_text())
    assert "q=" in page.url


def test_a_citation_is_copied(visit: Visit) -> None:
    page = visit(f"/article/{FIRST}", permissions=["clipboard-read", "clipboard-write"])
    page.locator('button[data-copy="citation"]').click()
    expect(page.locator('button[data-copy="citation"]')).to_have_text("نُسخ")
    assert "«ارتفاع أسعار القطن»" in page.evaluate("navigator.clipboard.readText()")


@WIDTHS
def test_a_source_is_added(visit: Visit, mailbox: Mailbox, language: str, width: int) -> None:
    page = visit("/sources", language=language, width=width)
    page.fill("#url", "https://new.example")
    page.fill("#name", "مصدر جديد")
    page.locator('button[value="add"]').click()
    expect(page.locator("#orders")).to_contain_text("لحظات")
    order = mailbox.take()
    assert order is not None
    mailbox.answer(Answer(order=order, at=datetime.now(UTC)))
    expect(page.locator("#orders")).to_contain_text("تم", timeout=8_000)
    assert (order.what, order.url, order.name) == ("add", "https://new.example", "مصدر جديد")


@WIDTHS
def test_failures_are_tried_again(visit: Visit, mailbox: Mailbox, language: str, width: int) -> None:
    page = visit("/failures", language=language, width=width, java_script_enabled=False)
    page.locator('a[href*="reason=http_404"]').first.click()
    page.locator('button[value="retry"]').click()
    expect(page.locator("#orders")).to_contain_text("لحظات")
    order = mailbox.take()
    assert order is not None
    mailbox.answer(Answer(order=order, at=datetime.now(UTC), number=2))
    page.reload()
    assert "ما أُعيد إلى العمل: 2" in page.locator("#orders").inner_text()


@WIDTHS
def test_a_search_is_followed_and_exported(visit: Visit, language: str, width: int) -> None:
    page = visit("/?q=القطن", language=language, width=width)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    page.locator(".take > a").click()
    if page.locator("form.row .button").count():
        page.locator("form.row .button").click()
    with page.expect_download() as feed:
        page.locator('a[href$="/feed.json"]').first.evaluate("(one) => one.setAttribute('download', '')")
        page.locator('a[href$="/feed.json"]').first.click()
    assert "jsonfeed.org" in feed.value.path().read_text(encoding="utf-8")


@pytest.fixture
def endless(news: FakeNews) -> Iterator[str]:
    """Have an article and a source with names and reasons that do not end."""
    long, key = "ط" * 400, "f" * 32
    made = article(key, long, hours=0.2, site=long, section=long, authors=[long], url=f"https://a.example/{long}")
    fields = SOURCE.dump_python(Source(key, "feed", f"https://a.example/{'y' * 800}", long), mode="json")
    news.docs.append(made)
    news.indexed(SOURCES)[key] = (1, fields | POLL.dump_python(Poll(failures=1, error="z" * 600), mode="json"))
    yield key
    news.docs.remove(made)
    news.indexed(SOURCES).pop(key)


@WIDTHS
def test_names_without_an_end_leave_room_for_the_rest(visit: Visit, endless: str, language: str, width: int) -> None:
    page = visit(f"/article/{endless}", language=language, width=width)
    for path in (f"/article/{endless}", "/", "/today", "/sources"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
    heights = page.locator("thead th").evaluate_all("(all) => all.map((one) => one.clientHeight)")
    assert width < 960 or max(heights) < 90, "no column is cut into letters"


def test_hostile_text_is_text(visit: Visit) -> None:
    page = visit(f"/article/{HOSTILE}")
    assert "<script>" in page.locator("article.text h1").inner_text()
    assert page.locator("main img, main svg, main b").count() == 0
    assert page.locator('a[href^="javascript:"]').count() == 0
