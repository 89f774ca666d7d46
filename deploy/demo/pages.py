"""Builds the newsroom's pages: a story, its site's template and clutter, in its site's charset."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from string import Template
from typing import Any, Final

from deploy.demo.content import HERE, Story, neighbours

SUMMARY: Final = 160
"""Characters: about what news sites show below a headline."""
RELATED: Final = 4
"""Links in the box below a story."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, ready to be sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def etag(self) -> str:
        """Return the validator that lets a poller ask whether anything changed."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


def page(story: Story, current: Sequence[Story], port: int) -> Answer:
    """Return the page of a story, with links to its neighbours in every box."""
    template = Template((HERE / "templates" / story.template).read_text("utf-8"))
    body = template.substitute(_values(story, neighbours(story, current), port)).encode(story.site.charset)
    headers = {"Content-Type": story.content_type}
    if story.encoding == "gzip":
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body, mtime=0)
    return Answer(200, headers, body)


def redirect(story: Story, port: int) -> Answer:
    """Return the answer at a story's old address."""
    return Answer(301, {"Location": story.url(port), "Content-Type": "text/html; charset=utf-8"}, b"<h1>301</h1>")


def text(status: int, content: str) -> Answer:
    """Return a plain text answer."""
    return Answer(status, {"Content-Type": "text/plain; charset=utf-8"}, content.encode())


def summary(story: Story) -> str:
    """Return the first sentences of a story, cut as news sites cut them."""
    first = story.paragraphs[0] if story.paragraphs else story.title
    return first if len(first) <= SUMMARY else first[:SUMMARY].rsplit(" ", 1)[0] + "..."


def _values(story: Story, others: Sequence[Story], port: int) -> dict[str, str]:
    plain = _plain(story, port)
    return plain | {
        "body": _body(story, others, port),
        "tags": " ".join(f'<a rel="tag" href="/tag/{n}/">{escape(tag)}</a>' for n, tag in enumerate(story.tags)),
        "related": _each(story.site.link, others[:RELATED], port),
        "most_read": _each(story.site.link, others[::-1], port),
        "latest": _each(story.site.teaser, others, port),
        "date_line": Template(story.date_line).substitute(plain),
        "date_meta": Template(story.site.date_meta).substitute(plain) if story.machine_date else "",
        "json_ld": _json_ld(story, port),
        "meta_charset": _meta_charset(story),
    }


def _plain(story: Story, port: int) -> dict[str, str]:
    """Return the values that any shape of the site may name, escaped."""
    values = {
        "slug": story.slug,
        "title": story.title,
        "site": story.site.name,
        "tagline": story.site.tagline,
        "url": story.url(port),
        "image": _image(story, port),
        "caption": story.caption,
        "author": story.author,
        "section": story.section,
        "keywords": "، ".join(story.tags),
        "summary": summary(story),
        "published_as": story.published_as,
        "published_iso": story.published.isoformat(),
        "modified_iso": story.modified.isoformat(),
    }
    return {name: escape(value) for name, value in values.items()}


def _body(story: Story, others: Sequence[Story], port: int) -> str:
    """Return the text in the site's shape, with the aside that such sites drop into the middle of it."""
    shaped = [Template(story.site.paragraph).substitute(text=escape(p, quote=False)) for p in story.paragraphs]
    if story.site.aside and shaped:
        shaped.insert(2, _each(story.site.aside, others[-1:], port))
    return story.site.joiner.join(shaped)


def _each(shape: str, those: Sequence[Story], port: int) -> str:
    return "\n".join(Template(shape).substitute(_plain(story, port)) for story in those)


def _image(story: Story, port: int) -> str:
    return story.url(port, f"/images/{story.slug}.jpg" if story.site.key != "mirsad" else f"/Image.ashx?n={story.slug}")


def _json_ld(story: Story, port: int) -> str:
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": story.url(port)},
        "headline": story.title,
        "description": summary(story),
        "image": [_image(story, port)],
        "datePublished": story.published.isoformat(),
        "dateModified": story.modified.isoformat(),
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": story.site.name},
        "articleSection": story.section,
        "keywords": list(story.tags),
        "inLanguage": "ar",
    }
    return json.dumps(data, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _meta_charset(story: Story) -> str:
    if not story.meta_charset:
        return ""
    return f'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={story.meta_charset}">'
