"""Some articles, all invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
FIRST, COPY, CHANGED, RESERVED, HOSTILE, ENGLISH = (f"{number:032x}" for number in range(1, 7))
BODY = "عاد مزارعو السواقي إلى زراعة القطن بعد سنوات.\n\nوقال رئيس الجمعية إن الطلب عاد."


def documents() -> list[dict[str, Any]]:
    return [
        article(FIRST, "ارتفاع أسعار القطن", hours=1, authors=["منى السعيد"], section="اقتصاد", story_role="first"),
        article(
            COPY, "القطن يرتفع من جديد", hours=2, host="sanabel.example", site="سنابل", story=FIRST, story_role="copy"
        ),
        article(CHANGED, "نتائج الانتخابات البلدية", hours=30, section="سياسة", revisions=1, gone_at=NOW.isoformat()),
        article(
            RESERVED, "خبر محفوظ الحقوق", hours=40, body="", rights={"tdm_reserved": True, "tdm_policy": "https://a/p"}
        ),
        article(
            HOSTILE,
            '<script>alert("x")</script> \u202eعنوان\u200d',
            hours=50,
            body='<img src=x onerror=alert(1)>\n\n"><svg onload=alert(2)>' + "\u200d" * 500,
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
