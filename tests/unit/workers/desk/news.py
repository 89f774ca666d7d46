"""Some articles, all invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.document import (
    FINGERPRINT,
    FINGERPRINTS,
    LEDGER,
    POLL,
    RECORD,
    REVISION,
    REVISIONS,
    SOURCE,
    SOURCES,
    STORIES,
    STORY,
)
from ingest.ledger.record import Record, Stage, State
from ingest.model import Entry, Source
from ingest.polling.poll import Poll
from ingest.revisions.difference import Change
from ingest.revisions.edit import Kind
from ingest.revisions.revision import Revision
from ingest.stories.fingerprint import Fingerprint, Membership
from ingest.stories.story import Story
from tests.fake_search import FakeNews

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
FIRST, COPY, CHANGED, RESERVED, HOSTILE, ENGLISH = (f"{number:032x}" for number in range(1, 7))
BODY = "عاد مزارعو السواقي إلى زراعة القطن بعد سنوات.\nوقال رئيس الجمعية إن الطلب عاد."


def documents() -> list[dict[str, Any]]:
    return [
        article(FIRST, "ارتفاع أسعار القطن", hours=1, authors=["منى السعيد"], section="اقتصاد"),
        article(COPY, "القطن يرتفع من جديد", hours=2, host="sanabel.example", site="سنابل"),
        article(CHANGED, "نتائج الانتخابات البلدية", hours=30, section="سياسة", gone_at=NOW.isoformat()),
        article(
            RESERVED, "خبر محفوظ الحقوق", hours=40, body="", rights={"tdm_reserved": True, "tdm_policy": "https://a/p"}
        ),
        article(
            HOSTILE,
            '<script>alert("x")</script> \u202eعنوان\u200d',
            hours=50,
            body='<img src=x onerror=alert(1)>\n"><svg onload=alert(2)>' + "\u200d" * 500,
            authors=['" onmouseover="alert(3)'],
            site="<b>موقع</b>",
            url="javascript:alert(4)",
        ),
        article(
            ENGLISH,
            "Parliament approves the budget",
            hours=60,
            language="en",
            direction="ltr",
            body="It did so on Friday.",
        ),
    ]


def article(key: str, title: str, hours: float, **more: Any) -> dict[str, Any]:
    at = NOW - timedelta(hours=hours)
    made = {
        "id": key,
        "url": f"https://dafatir.example/{key}",
        "title": title,
        "body": BODY,
        "host": "dafatir.example",
        "site": "دفاتر الوادي",
        "language": "ar",
        "direction": "rtl",
        "published_at": at.isoformat(),
        "fetched_at": at.isoformat(),
        "published_precision": "second",
        "story": key,
        "provenance": ["title=h1", "published_at=json-ld"],
        "words": 12,
    }
    return {name: value for name, value in (made | more).items() if value}


def furnish(news: FakeNews, first: dict[str, Any], copy: dict[str, Any], changed: dict[str, Any]) -> None:
    """Have two articles tell one story, and a third one have a history."""
    key, index, at = first["id"], "news-articles-2026.11", datetime.fromisoformat(first["published_at"])
    for one, role in ((first, "first"), (copy, "copy")):
        one |= {"story": key, "story_role": role}
        news.indexed(index)[one["id"]] = (1, one)
        near = {"copied_from": key, "similarity": 0.93} if role == "copy" else {}
        mine = Fingerprint(one["id"], index, 1, one["site"], at, membership=Membership(key, role, **near))
        news.indexed(FINGERPRINTS)[one["id"]] = (1, FINGERPRINT.dump_python(mine, mode="json"))
    story = Story(key, (key, copy["id"]), first["site"], at, at + timedelta(minutes=42), 2, 2, 2520, ("واس",))
    news.indexed(STORIES)[key] = (1, STORY.dump_python(story, mode="json"))
    changed |= {"revisions": 1}
    for number, kinds, title in (
        (0, (Kind.FIRST,), "عنوان أول للخبر"),
        (1, (Kind.HEADLINE, Kind.SUBSTANTIVE), changed["title"]),
    ):
        edits = (
            (Change("عنوان أول للخبر", changed["title"]), Change("قتل ثلاثة أشخاص.", "قتل أربعة أشخاص."))
            if number
            else ()
        )
        one_version = Revision(
            f"{changed['id']}.{number}", changed["id"], number, kinds, at, changed["url"], title, changes=edits
        )
        news.indexed(REVISIONS)[one_version.id] = (1, REVISION.dump_python(one_version, mode="json"))


def furnish_sources(news: FakeNews, now: datetime) -> None:
    """Have three sources: one is well, one failing, one quiet; and three articles that did not get in."""
    polls = {
        "دفاتر الوادي": Poll(polled_at=now - timedelta(minutes=4), polls=9, listed=30, admitted=2, due_at=now),
        "مرصد الميناء": Poll(polled_at=now, polls=3, failures=3, error="http_503 answered 503", due_at=now),
        "سنابل المشرق": Poll(polled_at=now, polls=5, listed=20, quiet_since=now - timedelta(days=3), due_at=now),
    }
    for number, (name, poll) in enumerate(polls.items()):
        source = Source(f"{number + 1:032x}", "feed", f"https://s{number}.example/feed.xml", name)
        fields = SOURCE.dump_python(source, mode="json") | POLL.dump_python(poll, mode="json")
        news.indexed(SOURCES)[source.id] = (1, fields)
        entry = Entry(f"https://s{number}.example/a'b", title="خبر لم يدخل <b>")
        record = Record(
            id=f"{number + 10:032x}",
            url=entry.url,
            lane="s",
            source_id=source.id,
            entry=entry,
            admitted_at=now,
            asked_at=now,
            due_at=now,
            state=(State.FAILED, State.REJECTED, State.INDEXED)[number],
            stage=Stage.PROCESS,
            reason=("http_404", "paywall", "")[number],
            detail="answered 404",
            ended_at=now - timedelta(minutes=number),
        )
        news.indexed(LEDGER)[record.id] = (1, RECORD.dump_python(record, mode="json"))
