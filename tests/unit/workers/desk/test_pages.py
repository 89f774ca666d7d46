"""The pages: search, article, and how a reader wants them; hostile texts do nothing."""

import re
from urllib.parse import quote

import pytest
from elastic_transport import ConnectionTimeout
from starlette.testclient import TestClient

from ingest.ledger.record import State
from tests.fake_search import FakeNews
from tests.unit.workers.desk.conftest import token
from tests.unit.workers.desk.news import CHANGED, COPY, ENGLISH, FIRST, HOSTILE, RESERVED
from workers.desk.assets import assets
from workers.desk.strings import COUNTED, STRINGS


def test_a_search_shows_what_matched_and_how_many(reader: TestClient) -> None:
    page = reader.get("/?q=القطن&each=1").text
    assert "<mark>القطن</mark>" in page
    assert "ارتفاع أسعار" in page
    assert "3 أخبار" in page


def test_words_that_say_nothing_are_not_marked(reader: TestClient, news: FakeNews) -> None:
    news.docs[0]["title"] = "ارتفاع في أسعار القطن"
    assert re.findall("<mark>(.*?)</mark>", reader.get("/?q=القطن في&each=1").text.split("<article")[1])[0] == "القطن"
    assert "<mark>في</mark> <mark>أسعار</mark>" in reader.get("/", params={"q": 'قطن "في أسعار"'}).text
    assert "<mark>في</mark>" in reader.get("/?q=القطن في&exact=1").text


def test_a_story_is_one_hit_and_says_how_many_more_there_are(reader: TestClient) -> None:
    page = reader.get("/?q=القطن").text
    assert page.count("<article") == 2
    assert "وخبر آخر في قصة واحدة" in page
    assert reader.get("/?q=القطن&each=1").text.count("<article") == 3


def test_without_words_the_newest_are_shown(reader: TestClient) -> None:
    page = reader.get("/").text
    assert page.index("ارتفاع أسعار القطن") < page.index("نتائج الانتخابات") < page.index("Parliament")
    assert "قبل ساعة" in page


def test_a_facet_is_a_link_to_the_narrowed_search(reader: TestClient) -> None:
    page = reader.get("/?q=القطن").text
    (link,) = re.findall(r'href="(/\?[^"]*source=sanabel.example)"', page)
    narrowed = reader.get(link.replace("&amp;", "&")).text
    assert narrowed.count("<article") == 1
    assert 'aria-label="أزل سنابل"' in narrowed
    assert 'name="source" value="sanabel.example"' in narrowed, "the form keeps it"


def test_a_bar_is_a_link_to_its_span(reader: TestClient) -> None:
    page = reader.get("/").text
    spans = re.findall(r'data-since="([^"]+)" data-until="([^"]+)"', page)
    assert spans == [("2026-11-25", "2026-11-25"), ("2026-11-26", "2026-11-26"), ("2026-11-27", "2026-11-27")]
    assert reader.get("/?from=2026-11-26&to=2026-11-26").text.count("<article") == 1


@pytest.mark.parametrize(("typed", "found"), [("hgr'k", "القطن"), ("القطم", "القطن")])
def test_did_you_mean(reader: TestClient, news: FakeNews, typed: str, found: str) -> None:
    news.like = {"القطم": "القطن"}
    page = reader.get(f"/?q={quote(typed)}").text
    assert f"<bdi>{found}</bdi></a>" in page.split('class="guess"')[1]


def test_no_results_say_what_to_try(reader: TestClient) -> None:
    page = reader.get("/?q=لاشيء&exact=1&phrase=1&source=x").text
    for name in ("nothing", "try_filters", "try_stems", "try_apart", "try_fewer"):
        assert STRINGS[name][0] in page


def test_completions_are_options(reader: TestClient) -> None:
    assert reader.get("/suggest?q=الانتخا").text.split() == ["<option", 'value="الانتخابات"></option>']
    assert reader.get(f"/suggest?q={'ا' * 800}").text.strip() == ""


@pytest.mark.parametrize(
    ("path", "status", "what"),
    [
        ("/?page=51", 400, "too_deep"),
        ("/?from=never", 400, "bad_date"),
        (f"/?q={'a' * 600}", 400, "query_too_long"),
        (f"/?q={'a' * 20_000}", 414, "address_too_long"),
        ("/nothing", 404, "not_found"),
        ("/article/../../etc", 404, "not_found"),
        ("/article/" + "e" * 32, 404, "not_found"),
    ],
)
def test_what_cannot_be_shown_is_said(reader: TestClient, path: str, status: int, what: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == status
    assert STRINGS[f"title_{what}"][0] in answer.text


@pytest.mark.parametrize(
    "query",
    ['-""', '-" "', "*" * 300, "((((", "a OR b AND", "\\", "<script>alert(1)</script>", "\u202e\u2066نص", "title:*"],
)
def test_hostile_queries_are_words(reader: TestClient, query: str) -> None:
    answer = reader.get("/", params={"q": query})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_what_fails_is_said_and_no_more(reader: TestClient, news: FakeNews, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "msearch", None)
    answer = reader.get("/?q=قطن")
    assert (answer.status_code, STRINGS["title_broken"][0] in answer.text) == (500, True)
    assert "TypeError" not in answer.text
    assert "content-security-policy" in answer.headers


def test_a_search_that_is_refused_is_said(reader: TestClient, news: FakeNews, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = {"responses": [{"error": {"reason": "shards are missing"}}] * 2}
    monkeypatch.setattr(news, "msearch", lambda **_: refused)
    assert reader.get("/?q=قطن").status_code == 503


def test_elasticsearch_that_is_away_is_said(
    reader: TestClient, news: FakeNews, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: object) -> None:
        raise ConnectionTimeout("10 s")

    monkeypatch.setattr(news, "msearch", away)
    answer = reader.get("/?q=قطن")
    assert (answer.status_code, STRINGS["title_away"][0] in answer.text) == (503, True)


@pytest.mark.parametrize("key", [FIRST, CHANGED, RESERVED, HOSTILE, ENGLISH])
@pytest.mark.parametrize("more", ["", "/misread?part=title&note=<script>"])
def test_hostile_texts_are_shown_and_do_nothing(reader: TestClient, key: str, more: str) -> None:
    page = reader.get(f"/article/{key}{more}").text
    assert re.findall('<script(?! src=)|<img|<svg|onmouseover="|javascript:alert\\(4\\)"', page) == []


def test_no_text_turns_what_stands_behind_it(reader: TestClient) -> None:
    for path in (f"/article/{HOSTILE}", "/", "/?q=\u202eعنوان", "/export/csv"):
        assert re.findall("[\u202a-\u202e\u2066-\u2069]", reader.get(path).text) == []


def test_an_article_shows_its_text_and_where_values_came_from(reader: TestClient) -> None:
    page = reader.get(f"/article/{FIRST}").text
    assert page.count('<p dir="auto">') >= 2
    assert '<bdi dir="ltr">json-ld</bdi>' in page
    assert "«ارتفاع أسعار القطن»، دفاتر الوادي، 27 نوفمبر 2026" in page


def test_an_article_shows_its_story(reader: TestClient) -> None:
    page = reader.get(f"/article/{COPY}").text.split('id="story"')[1]
    assert "خبران" in page
    assert "ناشران" in page
    assert f'href="/article/{FIRST}"' in page
    assert "تطابق 93%" in page


def test_an_article_shows_its_history_word_by_word(reader: TestClient) -> None:
    page = reader.get(f"/article/{CHANGED}").text.split('id="history"')[1]
    assert "<del>ثلاثة</del>" in page
    assert "<ins>أربعة</ins>" in page


def test_a_reference_shows_no_text(reader: TestClient) -> None:
    page = reader.get(f"/article/{RESERVED}").text
    assert STRINGS["text_reserved"][0] in page
    assert 'href="https://a/p"' in page


def test_an_article_that_was_misread_has_a_command_and_an_issue(reader: TestClient) -> None:
    page = reader.get(f"/article/{FIRST}/misread?part=title&note=x").text
    assert f"warraq rules try 'https://dafatir.example/{FIRST}'" in page
    assert "Found at: title=h1" in page


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "ar"), ("en-GB,en;q=0.9", "en"), ("fr,en;q=0.3,ar;q=0.8", "ar"), ("de;q=x,;;,", "ar"), ("EN", "en")],
)
def test_the_browsers_language_is_taken(visitor: TestClient, header: str, language: str) -> None:
    page = visitor.get("/login", headers={"accept-language": header}).text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page


def test_preferences_stay(reader: TestClient) -> None:
    for name, value in (("digits", "arab"), ("theme", "dark"), ("language", "ar")):
        reader.post("/preferences", data={"token": token(reader, "/"), "next": "/?q=القطن", name: value})
    page = reader.get("/?q=القطن").text
    assert "٣ أخبار" in page
    assert 'data-theme="dark"' in page


@pytest.mark.parametrize("value", ["<script>", "ar.arab.x; Path=/evil", "", "داكن", "a" * 9_000])
def test_a_preference_that_is_none_is_the_usual_one(reader: TestClient, value: str) -> None:
    form = {"token": token(reader, "/"), "theme": value, "next": "//evil.test"}
    assert len(reader.post("/preferences", data=form, follow_redirects=False).headers["set-cookie"]) < 200
    assert 'data-theme="auto"' in reader.get("/").text


def test_every_answer_forbids_what_a_page_does_not_need(reader: TestClient) -> None:
    for path in ("/", "/nothing", f"/article/{FIRST}", f"/?q={'a' * 10_000}", "/health"):
        headers = reader.get(path).headers
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_no_page_has_a_script_or_a_style_of_its_own(reader: TestClient) -> None:
    for path in ("/?q=القطن", f"/article/{FIRST}", f"/article/{FIRST}/misread", "/login", "/nothing"):
        page = reader.get(path).text
        assert (
            re.findall(r"<script(?! src=)|<style|\sstyle=|\son\w+=|https?://(?!dafatir)[^\"]*\.(?:js|css)", page) == []
        )


def test_static_files_are_kept_for_good_and_packed(reader: TestClient) -> None:
    page = reader.get("/").text
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(addresses) >= 6
    for address in addresses:
        answer = reader.get(address)
        assert "immutable" in answer.headers["cache-control"]
        assert ("content-encoding" in answer.headers) == (not address.endswith(".woff2"))
    assert reader.get(addresses[0].replace("/static/", "/static/0")).status_code == 404


def test_the_first_page_is_light_and_the_second_lighter(reader: TestClient) -> None:
    first = reader.get("/")
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', first.text))
    static = sum(int(reader.get(one).headers["content-length"]) for one in files if "plex" not in one)
    weight = static + sum(len(one.body) for name, one in assets().items() if name.endswith(".woff2"))
    page = int(first.headers["content-length"])
    assert page < 25_000
    assert page + weight < 180_000


def test_what_a_page_does_not_answer_to_is_named(reader: TestClient) -> None:
    answer = reader.head("/orders")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_every_word_is_there_in_both_languages() -> None:
    assert [name for name, pair in STRINGS.items() if not all(pair) or len(pair) != 2] == []
    assert {name: (len(forms["ar"]), len(forms["en"])) for name, forms in COUNTED.items()} == dict.fromkeys(
        COUNTED, (6, 2)
    )


def test_every_state_has_its_words() -> None:
    assert [state for state in State if f"state_{state}" not in STRINGS] == []
