"""What the tag, class, id and role of an element say: that it is beside the article, or that it holds it."""

import re
from functools import lru_cache
from typing import Final

from lxml.html import HtmlElement


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


HEADINGS: Final = words("h2 h3 h4 h5 h6")
WEAK: Final = 0.3
"""For what parsers and frameworks wrap around whole articles: an unclosed <nav>, ASP.NET's <form>, <div hidden>."""
FAIR: Final = 0.5
FIRM: Final = 0.8
"""For footers and comments, which may be longer than a short article."""
TAGS: Final = {
    **dict.fromkeys(words("nav header form fieldset button select noscript template object label dialog"), WEAK),
    **dict.fromkeys(words("aside menu figure figcaption caption address textarea math datalist iframe"), 0.65),
    "footer": FIRM,
}
FIRM_NAMES: Final = re.compile(r"(?:^|[-_])(?:footer|comments?|disqus|copyright)(?:$|[-_]|\d)")
NAMES: Final = re.compile(
    r"(?:^|[-_])(?:"
    r"navbar|navigation|menu|submenu|breadcrumbs?|sidebar|masthead|toolbar|topbar|livefyre|respond|reply|replies"
    r"|share|sharing|shares|social|addthis|sharedaddy|sociable|related(?:-?posts)?|recommended|recommendations?|recirc"
    r"|read-?(?:more|next|also)|trending|popular|outbrain|taboola|zergnet|promo|promoted|sponsor|sponsored"
    r"|ads?|advert|adverts|advertisements?|advertising|adsense|dfp|newsletter|subscribe|subscription|signup|login"
    r"|paywall|capping|cookies?|consent|gdpr|popup|modal|lightbox|captions?|credits?|slideshow|carousel|byline|postmeta"
    r"|author-?(?:bio|box|info|name|desc|description|section|profile|card)|ctas?|call-?to-?action"
    r"|table-of-contents|rail|disclaimers?|disclosures?|recent-?(?:posts|news|articles|stories)|info-box"
    r"|wp-embedded|pagination|pager|paging|poll|teasers?|pullquote|infobox|hatnote|navbox|editsection|footnotes?"
    r")(?:$|[-_]|\d)"
    r"|^nav(?:$|[-_])|[-_]nav$"
    r"|^(?:side-?bar|foot|next|prev|previous|latest|widget|follow|authors?|bio|date|dateline|timestamp|meta|tags?"
    r"|tags-links|cat-links|topics|keywords|category|categories|print|tools|skip|hidden|sr-only|visually-?hidden"
    r"|screen-reader-text|ratings?|toc(?:-(?:list|box|container|wrapper))?|post-?(?:info|meta|tags|author|date|footer)"
    r"|entry-?(?:meta|tags|footer|utility)|about-?(?:the-)?author"
    r"|more-?(?:stories|news|on|from|articles|posts)|most-?(?:read|viewed)|up-?next|also-?(?:read|like|on)"
    r"|gallery|banner|overlay|sign-?up|d-none)$"
)
"""Words of class names and ids: in any place of a name, or the whole name where the word alone proves little."""
LAYOUT: Final = re.compile(
    r"^(?:has|with|no|without|content|main|page|layout)[-_]+(?:(?:left|right)[-_]+)?sidebar"
    r"|sidebar[-_]+(?:grid|layout|content|wrap|wrapper)|[-_](?:has|with|no|without)[-_]+sidebar"
)
"""Names of boxes around article and sidebar that mention only the sidebar."""
FOLDED: Final = re.compile(r"accordion|collaps(?:e|ible)|expandable|tab-?pane", re.IGNORECASE)
"""Classes of parts that readers unfold: an article's answers are hidden until then, and are the article's."""
UNFOLDED: Final = frozenset({"hidden", "d-none"})
PANEL: Final = re.compile(r"(?:^|\s)so-panel\s")
"""SiteOrigin's page builder makes a widget of each part of an article."""
SLUG: Final = re.compile(r"(?:[-_][a-z0-9]+){4}")
"""Ids made from a heading's words, which may be any."""
ROLES: Final = words("navigation complementary contentinfo banner search dialog alertdialog menu menubar toolbar")
HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
PLAIN: Final = frozenset({"article", "main", "body", "html"})
"""Their classes are WordPress' lists of the article's tags and categories."""
HOLDERS: Final = frozenset({"table", "blockquote"})
"""In a <figure>, they are no caption."""
STORY_NONE: Final = 0
STORY: Final = 1
"""The box of one article."""
STORY_MAIN: Final = 2
"""The page's main box."""
STORY_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:article|entry|post|story|news|single|page|main|blog|content)[-_]{0,2}"
    r"(?:body|content|text|inner|details?)(?:$|[\s_-])|articlebody|storybody",
    re.IGNORECASE,
)
LONGEST: Final = 300
"""Characters of class names that are read."""
KEPT: Final = 1000
"""Likewise, where names explain others. What they say is remembered by them: nobody may fill our memory so."""


def suspicion(element: HtmlElement) -> float:
    """Return the share of a page's prose up to which an element counts as beside the article; 0 = it never does."""
    tag = element.tag
    if tag in TAGS:
        return 0.0 if tag == "figure" and any(True for _ in element.iter(HOLDERS)) else TAGS[tag]
    return 0.0 if tag in PLAIN else _attributes(element)


def _attributes(element: HtmlElement) -> float:
    share = 0.0
    for name, value in element.items():
        if name == "class" or (name == "id" and not SLUG.search(value)):
            share = max(share, named(value))
        elif name == "role":
            share = max(share, FAIR if value in ROLES else 0.0)
        elif (
            name == "hidden"
            or (name == "aria-hidden" and value == "true")
            or (name == "style" and HIDDEN.search(value))
        ):
            share = max(share, 0.0 if _is_folded(element) else WEAK)
    return share


def _is_folded(element: HtmlElement) -> bool:
    """Return whether an element, or the one around it, is a part that readers unfold."""
    around = element.getparent()
    return any(FOLDED.search(each.get("class") or "") for each in (element, around) if each is not None)


def named(names: str | None) -> float:
    """Return the suspicion that class names or an id raise."""
    return _suspicion(names[:KEPT]) if names else 0.0


@lru_cache(maxsize=16384)
def _suspicion(names: str) -> float:
    words = HUMP.sub("-", names[:LONGEST]).lower().split()
    words = [word for word in words if not LAYOUT.search(word) and not _is_harmless(word, names)]
    if any(FIRM_NAMES.search(word) for word in words):
        return FIRM
    return FAIR if any(NAMES.search(word) for word in words) else 0.0


def _is_harmless(word: str, names: str) -> bool:
    """Return whether the other names of an element explain one that else speaks against it."""
    return (word == "widget" and bool(PANEL.search(names))) or (word in UNFOLDED and bool(FOLDED.search(names)))


def story(element: HtmlElement) -> int:
    """Return whether an element is marked as the box of an article: STORY, STORY_MAIN or STORY_NONE."""
    tag = element.tag
    if tag == "article" or element.get("itemprop") == "articleBody":
        return STORY
    if tag == "main":
        return STORY_MAIN
    names = element.get("class"), element.get("id")
    return STORY if any(_story_named(one[:LONGEST]) for one in names if one) else STORY_NONE


@lru_cache(maxsize=16384)
def _story_named(names: str) -> bool:
    return bool(STORY_NAMES.search(names))
