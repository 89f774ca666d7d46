"""The gate rejects what is not an article. Each rule is one that a reader would not dispute.

`wall_of` looks at the page while its tree is there, `check` at the article that was made of it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import ada_url
from lxml import etree
from lxml.html import HtmlElement

from ingest.arabic.fold import tokens
from ingest.errors import Missing, Rejected
from ingest.extract.shown import line
from ingest.model import Article

WORDS: Final = 40
"""Minimum words of a body."""
FLASH_WORDS: Final = 12
"""Minimum words of breaking news, which has a title and a date."""
PARAGRAPH_WORDS: Final = 20
LIST_LINES: Final = 8
"""This many lines, none of them a paragraph, are a list of headlines."""
LINKED: Final = 0.7
"""Share of links in the article's box that makes it a list."""
CUT_WORDS: Final = 120
"""Maximum words of an article that a paywall or a login has cut."""
WALL_WORDS: Final = 60
"""Maximum words of a page that asks for consent, a password or a human."""
OPENING: Final = 2_000
"""Characters of a body in which its title's words are looked for."""
PARTICLE: Final = 3
"""Maximum characters of a word that says nothing of a subject."""
TAIL: Final = 200
"""Characters of a body's end in which is looked whether it is cut off."""
COOKIE_WORDS: Final = 20
"""A text that mentions cookies more than once in this many words is about them."""
CUT: Final = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:[اإأ]قرأ|قراءة) المزيد)\W*$")
_SORRY: Final = r"^\W*+(?:(?:عذر[اً]++|عفو[اً]++|نعتذر|نأسف|للأسف|أوه|خطأ|404)\W*+)*"
"""Here and below a run takes all there is (`*+`): two in a row could share what stands there in as many ways."""
_ENDS: Final = r"\W*(?:$|[|\-–—:.،]\s|\sأو\s)"
"""A headline goes on: «الصفحة غير متاحة في تركيا»."""
_KINDS: Final = "(?:محتوى|خبر|مقالة?|مادة|موضوع|رابط|صفحة)"
MISSING: Final = re.compile(
    rf"الصفحة (?:المطلوبة |التي (?:\w+ عنها|طلبتها|تحاول الوصول إليها) )?"
    rf"(?:غير (?:موجودة|متوفرة|متاحة)|لم تعد(?: (?:موجودة|متاحة|متوفرة|هنا))?"
    rf"|ليست موجودة|لا توجد|محذوفة|لا يمكن العثور عليها){_ENDS}"
    rf"|{_SORRY}صفحة غير موجودة{_ENDS}"
    rf"|(?:العثور|نعثر) على (?:هذه |تلك |أي )?(?:ال)?صفحة(?: المطلوبة| التي \w+ \w+)?{_ENDS}"
    rf"|{_SORRY}(?:هذا |هذه )?(?:ال)?{_KINDS}"
    r" (?:المطلوبة? |الذي تبحث عنه )?(?:غير (?:موجود|متوفر|متاح)|لم [يت]عد (?:متاح|متوفر|موجود)|محذوف)"
    r"\w?(?:\W+\w+){0,3}\W*$"
    rf"|{_SORRY}تم حذف (?:هذا |هذه )?(?:ال)?{_KINDS}(?: من (?:قبل )?(?:ال)?(?:إدارة|ناشر|كاتب|موقع))?\W*$"
    rf"|{_SORRY}(?:لا [يت]وجد|لم يتم العثور على) (?:أي )?(?:{_KINDS}|نتائج|شيء)(?: هنا| بهذا \w+| مطابقة)?"
    r"\W*(?:$|[|–—-])"
    rf"|{_SORRY}(?:ال)?رابط غير (?:صالح|صحيح)\W*$"
    r"|page not found|page (?:does not|doesn['’]t) exist|^\W*not found\W*(?:$|[|–—-])"
    r"|^\W*+(?:(?:error|خطأ)\W*+)?404(?:\W*(?:not found|error|خطأ))?\W*(?:$|\|)",
    re.IGNORECASE,
)
"""What pages say that answer 200 and mean 404: in their titles, or all that they say."""
HOME: Final = re.compile(r"^(?:الصفحة )?الرئيسية\s*(?:$|[|\-–—:])|[|\-–—:]\s*الصفحة الرئيسية$")
"""Titles of home pages."""
BROKEN: Final = re.compile(
    r"^\W*(?:error|خطأ)\W*(?:50[0234]|403)\b|^\W*(?:50[0234]|403)\W*(?:$|internal|bad|service|gateway|forbidden|error|خطأ)"
    r"|internal server error|bad gateway"
    r"|service (?:temporarily )?unavailable|account suspended|under maintenance|access denied|^forbidden\b"
    r"|^\W*+(?:(?:عذر|عفو)[اً]++\W*+)?(?:لقد )?حدث خطأ\W*(?:$|ما\b|غير متوقع|فني|[|–—-])"
    r"|database error|قاعدة البيانات\s*$"
    r"|^\W*(?:الموقع|هذا الموقع) (?:تحت الصيانة|قيد الصيانة|متوقف|مغلق مؤقتا)|الخدمة غير متاحة",
    re.IGNORECASE,
)
"""Titles of a server's errors."""
ROBOT: Final = re.compile(
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|checking your browser|captcha"
    r"|^\W*لحظة(?: واحدة)?(?: من فضلك)?\W*$|^\W*جار[يٍ]? التحقق من"
    r"|تحقق من أنك (?:إنسان|لست)|لست (?:برنامج )?روبوت|التحقق من المتصفح",
    re.IGNORECASE,
)
LOGIN: Final = re.compile(r"^\W*(?:تسجيل (?:ال)?دخول|سجل (?:ال)?دخول|دخول الأعضاء|log ?in|sign ?in)\b", re.IGNORECASE)
CONSENT: Final = re.compile(r"ملفات (?:تعريف )?الارتباط|الكوكيز|سياسة الخصوصية|cookies|gdpr", re.IGNORECASE)
PAYWALL: Final = re.compile(
    r"(?:هذا|هذه) (?:المحتوى|المقال|المقالة|المادة) (?:متاح|حصري|مخصص)[ةا]? (?:فقط )?ل(?:لمشتركين|مشتركي)"
    r"|للمشتركين فقط|(?:اشترك|سجل) (?:الآن )?(?:لمتابعة|لمواصلة|لإكمال|لقراءة) (?:ال)?(?:قراءة|بقية|المقال|الخبر)"
    r"|(?:لمتابعة|لمواصلة|لإكمال) القراءة (?:اشترك|سجل)|subscribe to (?:continue|read)|subscribers only",
    re.IGNORECASE,
)
PAYWALL_SIGNS: Final = ("مشتركي", "لمتابعة", "لمواصلة", "لإكمال", "لقراءة", "ubscribe", "UBSCRIBE")
"""Whatever PAYWALL finds has one of these: a quick test that spares most pages the slow one."""
ALL_TEXT: Final = etree.XPath("string(//body)")
TEXTS: Final[Any] = etree.XPath("//body//text()[not(parent::script or parent::style)]", smart_strings=False)
ARTICLE: Final = re.compile(r"^[وفبك]?(?:ال|لل)", re.MULTILINE)
"""The definite article, and the particles joined to it, in words that stand in a line each."""


def wall_of(tree: HtmlElement, described: Mapping[str, Any], body: str) -> str:
    """Return what is between a reader and the article, '' if nothing is. `described` is the JSON-LD node.

    That is `server_error`, `paywall`, `robot_check`, `login` or `consent`; only pages with little text have one.
    """
    words = len(body.split())
    if words >= CUT_WORDS:
        return ""
    names = [line(node.text_content()) for node in islice(tree.iter("title", "h1"), 3)]
    if str(described.get("isAccessibleForFree")).lower() == "false" or _asks_for_money(tree):
        return "paywall"
    if any(map(BROKEN.search, names)):
        return "server_error"
    return _small_wall(tree, names, body) if words < WALL_WORDS else ""


def _asks_for_money(tree: HtmlElement) -> bool:
    text = str(ALL_TEXT(tree))
    return any(sign in text for sign in PAYWALL_SIGNS) and bool(PAYWALL.search(line(" ".join(TEXTS(tree)))))


def _small_wall(tree: HtmlElement, names: list[str], body: str) -> str:
    if any(map(ROBOT.search, names)):
        return "robot_check"
    if any(map(LOGIN.search, names)) and tree.xpath("boolean(//input[@type='password'])"):
        return "login"
    cookies = len(CONSENT.findall(body))
    return "consent" if cookies and cookies * COOKIE_WORDS >= len(body.split()) else ""


def check(article: Article) -> Article:
    """Return the article as it is.

    Raises Rejected: `not_an_article`, `no_title`, `empty_body`, `teaser`, or the wall in front of the page.
    """
    words = len(article.body.split())
    if article.quality and article.quality.wall:
        raise Rejected(article.quality.wall, f"{words} words of {article.title[:80]!r} to read")
    if said := _says_missing(article, words):
        raise Missing("not_an_article", f"soft 404: {said[:80]!r}")
    if not article.title:
        raise Rejected("no_title", f"{words} words, no headline")
    if _is_home(article):
        raise Missing("not_an_article", f"the site's own page stands in its place: {article.title[:80]!r}")
    if not words and (article.authors or article.section):  # so it is an article, and the extraction missed it
        raise Rejected("empty_body", f"no paragraphs under {article.title[:80]!r}")
    if words < (FLASH_WORDS if article.published_at else WORDS):
        raise Rejected("not_an_article", f"{words} words under {article.title[:80]!r}")
    if words < WALL_WORDS and CUT.search(article.body[-TAIL:]) and _begins_alike(article.body, article.summary):
        raise Rejected("teaser", f"{words} words, cut off: {article.body[-40:]!r}")
    dated = article.published_at and "published_at=listing" not in article.provenance  # a feed may list a section
    if not dated and _is_list(article):
        raise Rejected("not_an_article", f"a list of headlines, or a home page: {article.title[:80]!r}")
    return article


def _says_missing(article: Article, words: int) -> str:
    """Return the words in which a page says that there is no article: its title, or a line where it has few."""
    lines = (article.title, *(article.body.split("\n") if words < WORDS else ()))
    return next(filter(MISSING.search, lines), "")


def title_overlap(title: str, body: str) -> float:
    """Return the share of a title's longer words that the body's opening has, folded and without their article."""
    wanted = _bare(word for word in _words(title) if len(word) > PARTICLE)
    return len(wanted & _bare(tokens(body[:OPENING]))) / len(wanted) if wanted else 0.0


@lru_cache(maxsize=16)  # a title is asked for twice, and a site's name for each of its pages
def _words(text: str) -> tuple[str, ...]:
    return tuple(tokens(text))


def _bare(words: Iterable[str]) -> set[str]:
    """Return the words without their article; one search in all of them, as there are hundreds."""
    return set(ARTICLE.sub("", "\n".join(words)).split("\n")) - {""}


def _begins_alike(body: str, summary: str) -> bool:
    return not summary or tokens(summary)[:8] == tokens(body)[:8]


def _is_home(article: Article) -> bool:
    """Return whether a page is the site's home page, to which many sites redirect removed articles."""
    if HOME.search(article.title) or (article.site and _words(article.title) == _words(article.site)):
        return True
    return _is_root(article) and bool(article.provenance) and "title=h1" not in article.provenance


def _is_root(article: Article) -> bool:
    url = ada_url.URL(article.url)
    return url.pathname == "/" and not url.search


def _is_list(article: Article) -> bool:
    lines = [len(line.split()) for line in article.body.split("\n")]
    linked = article.quality is not None and article.quality.links > LINKED
    return _is_root(article) or linked or (len(lines) >= LIST_LINES and max(lines) < PARAGRAPH_WORDS)
