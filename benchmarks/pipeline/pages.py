"""A news page as the web has them: an article of 2 KB inside 60-110 KB of menus, scripts, cards and comments."""

import json
import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from benchmarks.pipeline.corpus import Story

SECTIONS = ("سياسة", "اقتصاد", "رياضة", "ثقافة", "علوم", "صحة", "منوعات", "محليات")


def page(story: Story, url: str, at: datetime, others: Sequence[Story], chance: random.Random) -> str:
    """Return the HTML of an article; `others` (some 40 stories) fill its menus, cards and lists."""
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in story.paragraphs)
    return f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>{escape(story.title)} | صحيفة القياس</title><link rel="canonical" href="{url}">
<meta property="og:title" content="{escape(story.title)}"><meta property="og:site_name" content="صحيفة القياس">
<meta property="article:published_time" content="{at.isoformat()}"><meta property="og:type" content="article">
<script type="application/ld+json">{_json_ld(story, url, at)}</script>
<style>{_style(chance)}</style><script>{_script(chance)}</script></head>
<body class="rtl article"><header><nav id="menu">{_menu(others)}</nav></header>
<div class="breadcrumbs"><a href="/">الرئيسية</a> » <a href="/s/1">{chance.choice(SECTIONS)}</a></div>
<main><article class="post"><h1>{escape(story.title)}</h1>
<div class="meta"><span class="author">المحرر</span> <time datetime="{at.isoformat()}">{at:%d/%m/%Y}</time></div>
<ul class="share"><li><a href="#f">شارك</a></li><li><a href="#t">غرد</a></li><li><a href="#w">أرسل</a></li></ul>
<div class="entry-content">{paragraphs}</div><div class="tags">{_tags(others)}</div></article>
<section class="related"><h2>اقرأ أيضا</h2>{_cards(others[:16])}</section>
<section class="comments"><h2>التعليقات</h2>{_comments(others[24:32])}</section></main>
<aside><h2>الأكثر قراءة</h2><ol>{_links(others)}</ol>{_cards(others[8:16])}</aside>
<footer>{_menu(others[20:])}<p>جميع الحقوق محفوظة لصحيفة القياس</p></footer>
<script>{_script(chance)}</script></body></html>"""


def feed(items: Iterable[tuple[str, Story, datetime]]) -> str:
    """Return an RSS feed of (URL, story, time)."""
    entries = "\n".join(
        f"<item><title>{escape(story.title)}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{format_datetime(at)}</pubDate><description>{escape(story.paragraphs[0][:400])}</description></item>"
        for url, story, at in items
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>صحيفة القياس</title>'
    return f"{head}<link>http://localhost/</link>\n{entries}</channel></rss>"


def _json_ld(story: Story, url: str, at: datetime) -> str:
    told = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": story.title, "url": url}
    told |= {"datePublished": at.isoformat()}
    return json.dumps(told, ensure_ascii=False).replace("</", "<\\/")


def _style(chance: random.Random) -> str:
    rules = (
        f".c{chance.randrange(10**6)}>div:nth-child({i % 9}){{margin:{chance.randrange(40)}px;"
        f"color:#{chance.randrange(16**6):06x};display:flex}}"
        for i in range(chance.randint(40, 160))
    )
    return "".join(rules)


def _script(chance: random.Random) -> str:
    slots = [
        {"slot": f"ad-{chance.randrange(10**6)}", "size": [300, 250], "key": f"{chance.randrange(16**12):012x}"}
        for _ in range(chance.randint(20, 220))
    ]
    return f"window.slots={json.dumps(slots)};for(const s of window.slots){{(window.q=window.q||[]).push(s)}}"


def _menu(others: Sequence[Story]) -> str:
    return "".join(
        f'<div class="col"><a class="head" href="/s/{i}">{name}</a><ul>{_links(others[i : i + 7])}</ul></div>'
        for i, name in enumerate(SECTIONS)
    )


def _links(others: Sequence[Story]) -> str:
    return "".join(
        f'<li class="item"><a href="/x/{i}.html" title="{escape(other.title)}">{escape(other.title)}</a></li>'
        for i, other in enumerate(others)
    )


def _cards(others: Sequence[Story]) -> str:
    return "".join(
        f'<div class="card"><a href="/y/{i}.html"><img src="/i/{i}.jpg" alt="{escape(other.title)}" width="300">'
        f"<h3>{escape(other.title)}</h3></a><p>{escape(other.paragraphs[0][:160])}…</p></div>"
        for i, other in enumerate(others)
    )


def _comments(others: Sequence[Story]) -> str:
    return "".join(
        f'<div class="comment"><b>زائر {i}</b><p>{escape(other.paragraphs[-1][:220])}</p><a href="#r{i}">رد</a></div>'
        for i, other in enumerate(others)
    )


def _tags(others: Sequence[Story]) -> str:
    return " ".join(
        f'<a rel="tag" href="/t/{i}">{escape(other.title.split()[0])}</a>' for i, other in enumerate(others)
    )
