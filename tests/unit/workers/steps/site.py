"""A site in a world of fakes: its feed lists a good article and one that is gone."""

from datetime import UTC, datetime

from ingest.model import Page, Source
from ingest.urls import article_id

FEED = "http://h/feed"


SOURCE = Source(article_id(FEED), "feed", FEED, interval_s=600)


PARAGRAPH = "أعلنت وزارة الطاقة اليوم أن إنتاج الكهرباء ارتفع في المحافظات الجنوبية بعد دخول محطة جديدة إلى الخدمة. "


HTML = f"""<!doctype html><html lang="ar"><head><title>ارتفاع إنتاج الكهرباء</title></head><body><article>
<h1>ارتفاع إنتاج الكهرباء</h1>{"".join(f"<p>{PARAGRAPH} رقم {i}</p>" for i in range(6))}</article></body></html>"""


RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>أخبار</title>
<item><title>ارتفاع إنتاج الكهرباء</title><link>http://h/1?utm_source=rss</link></item>
<item><title>خبر ضائع</title><link>http://h/gone</link></item></channel></rss>"""


def page(url: str, body: str, kind: str = "text/html; charset=utf-8") -> Page:
    return Page(url, 200, (("Content-Type", kind),), body.encode(), datetime.now(UTC))
