"""Layouts that are made, not written: an article parted into boxes, and pages on which other stories are longer."""

from collections.abc import Iterator
from typing import Final

HEAD: Final = (
    '<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title} | صدى الساحل</title>'
    '<meta property="og:title" content="{title}"><meta property="og:site_name" content="صدى الساحل"></head><body>'
    '<header class="top"><nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/p">سياسة</a></li></ul></nav></header>'
)
FOOT: Final = (
    '<footer class="foot"><p>جميع الحقوق محفوظة لمؤسسة صدى الساحل للنشر والتوزيع 2026</p></footer></body></html>'
)
LINES: Final = (
    "<p>{p1}</p>",
    "<p>{p2}</p>",
    "<h2>{sub1}</h2><p>{p3}</p>",
    "<blockquote>{quote1}</blockquote>",
    "<p>{p4}</p>",
    "<p>{p5}</p>",
)
ADVERT: Final = '<div class="slot"><p>إعلان</p><a href="/ad">سيارات جديدة بأقساط ميسرة تبدأ من اليوم</a></div>'
MORE: Final = (
    '<section class="more"><h3>اقرأ أيضا</h3><ul><li><a href="/1">{other.title}</a></li>'
    '<li><a href="/2">{other.caption}</a></li></ul></section>'
)
OTHER: Final = "<p>{other.p1}</p><p>{other.p2}</p><p>{other.p3}</p><p>{other.p4}</p><p>{other.p5}</p>"
BYLINE: Final = '<div class="who">{author} | {date} | 1,204 مشاهدة</div>'
ARTICLE: Final = "<h2>{sub1}</h2><p>{p1}</p><p>{p2}</p><p>{p3}</p><p>{p4}</p><p>{p5}</p>"
DESCRIPTION: Final = '<meta name="description" content="{p1}"><body>'
NOTICE: Final = (
    "<p>نستخدم ملفات تعريف الارتباط وتقنيات مشابهة لحفظ المعلومات على جهازك وعرض إعلانات تناسبك وقياس أدائها.</p>"
)
BESIDE: Final = ("author-description", "blog-cta", "disclosure-text", "recent-posts", "info-box")
"""Class names of what a text is interrupted by."""
PARTS: Final = range(2, 7)
"""Boxes of one article."""
BOXES: Final = (
    ('<div class="part">', "</div>"),
    ('<div class="sidebar-grid"><div class="sidebar-grid__content">', "</div></div>"),
    ('<section class="row"><div class="col"><div class="inner">', "</div></div></section>"),
    ('<div class="content-with-sidebar">', "</div>"),
    ('<div class="block block-text">', "</div>"),
)


def kinds() -> Iterator[tuple[str, str]]:
    """Yield the name and the template of each layout."""
    for parts, (opening, closing) in zip(PARTS, BOXES, strict=True):
        yield f"parted_{parts}", _page(_parted(parts, opening, closing))
    yield "two_articles", _page(f"<main><article><h1>{{title}}</h1>{ARTICLE}</article>{_other('article', 'h1')}</main>")
    yield "next_story_h2", _page(f"<article><h1>{{title}}</h1>{BYLINE}{ARTICLE}</article>{_other('article', 'h2')}")
    yield "long_comments", _page(f"<article><h1>{{title}}</h1>{ARTICLE}</article>{_comments()}")
    yield "video_list", _page(f"<article><h1>{{title}}</h1><p>{{p1}}</p></article>{_teasers()}")
    yield (
        "credit_lines",
        _page(f"<div><h1>{{title}}</h1><p>بغداد (رويترز)</p><p>كتب ـ {{author}}</p><div>{ARTICLE}</div></div>"),
    )
    yield "leads_inside", _page(f"<article><h1>{{title}}</h1><div>{_with_leads()}</div></article>")
    yield "service_list", _page(_service())
    yield "long_comments_unnamed", _page(f"<div><h1>{{title}}</h1><div>{ARTICLE}</div></div>{_comments('talk')}")
    yield "folded_answers", _page(f"<article><h1>{{title}}</h1><div>{_folded()}</div></article>")
    yield "notice_above", _page(f"<div>{NOTICE}<div><h1>{{title}}</h1>{ARTICLE}</div></div>")
    yield "standfirst_apart", _page(_standfirst()).replace("<body>", DESCRIPTION, 1)
    yield "boxes_beside", _page(f"<article><h1>{{title}}</h1><div>{_beside()}</div></article>")


def _page(body: str) -> str:
    return f"{HEAD}{body}{FOOT}"


def _parted(parts: int, opening: str, closing: str) -> str:
    """Deal the lines out to so many boxes, with advertisements and leads to other articles between them."""
    dealt = [LINES[len(LINES) * part // parts : len(LINES) * (part + 1) // parts] for part in range(parts)]
    boxes = [f"{opening}{''.join(lines)}{closing}" for lines in dealt]
    joined = "".join(f"{box}{MORE if part % 2 else ADVERT}" for part, box in enumerate(boxes))
    return f'<div class="page"><h1>{{title}}</h1>{BYLINE}{joined}</div>'


def _other(tag: str, heading: str) -> str:
    return f"<{tag}><{heading}>{{other.title}}</{heading}><time>20 نوفمبر 2026</time>{OTHER}</{tag}>"


def _comments(name: str = "comments-area") -> str:
    said = "".join(
        f"<li><b>قارئ {n}</b><p>{{other.p{n}}}</p><p>{{other.p{n}}} وأكرر: {{other.quote1}}</p></li>"
        for n in range(1, 6)
    )
    return f'<section class="{name}"><h3>التعليقات (5)</h3><ol>{said}</ol></section>'


def _folded() -> str:
    """Hide two paragraphs until a reader asks for them."""
    answer = (
        '<div class="faq"><h3>{sub1}</h3><div class="collapse" aria-hidden="true"><p>{p3}</p><p>{p4}</p></div></div>'
    )
    return f"<p>{{p1}}</p><p>{{p2}}</p>{answer}<p>{{p5}}</p>"


def _teasers() -> str:
    boxes = (
        f'<div class="v"><img src="{n}.jpg" alt="">'
        f'<h4><a href="/v{n}">{{other.title}}</a></h4><p>{{other.p{n}}}</p></div>'
        for n in range(1, 6)
    )
    return f"<section><h3>فيديوهات أخرى</h3>{''.join(boxes)}</section>"


def _with_leads() -> str:
    embed = '<figure><blockquote class="wp-embedded-content"><a href="/3">{other.title}</a></blockquote></figure>'
    return (
        f"<p>{{p1}}</p><p>شاهد: {{other.title}}</p><p>{{p2}}</p><h3>نرشح لك</h3>"
        f"<ul><li>{{other.title}}</li></ul><p>{{p3}}</p>"
        f"{embed}<p>{{p4}}</p><p>{{p5}}</p>"
    )


def _service() -> str:
    items = "<ul><li>{item1}</li><li>{item2}</li><li>{item3}</li></ul>"
    return f'<article><h1>{{title}}</h1><div class="article-content"><p>{{quote1}}</p>{items}</div></article>'


def _standfirst() -> str:
    text = "<p>{p2}</p><h2>{sub1}</h2><p>{p3}</p><p>{p4}</p><p>{p5}</p>"
    return (
        f'<header class="article-header"><h1>{{title}}</h1><div class="lead-box"><p>{{p1}}</p></div></header>'
        f'<p class="caption">{{caption}}</p><div class="article-content">{text}</div>'
    )


def _beside() -> str:
    parts = zip(range(1, 6), BESIDE, strict=True)
    return "".join(f'<p>{{p{n}}}</p><div class="{name}"><p>{{other.p{n}}}</p></div>' for n, name in parts)
