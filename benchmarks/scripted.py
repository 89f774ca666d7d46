"""A scripted newsroom: what its sites publish in a week, edit and take away, and how they fail. For `revisions.py`."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from ingest.errors import Blocked, Gone, WarraqError
from ingest.model import Page
from ingest.revisions.edit import Kind
from tests.fakes import World
from workers.web.http import NO_HEADERS, Follow, anywhere

ARTICLES: Final = 1000
SITES: Final = 10
EDITS: Final = 300
DELETED: Final = 30
TEXT: Final = (
    "أعلن وزير المالية اليوم خطة جديدة لدعم القطاع الزراعي في المحافظات الجنوبية بعد اجتماع موسع مع رؤساء "
    "الغرف التجارية وقال المتحدث إن المشروع يشمل بناء طرق ومدارس ومستشفيات ومحطات مياه وكهرباء خلال "
    "العامين المقبلين مشيرا إلى أهمية التعاون بين المؤسسات الحكومية والشركات الخاصة وأضاف أن الحكومة تعمل "
    "على توفير التمويل اللازم من البنوك المحلية والدولية وأكد المشاركون ضرورة تطوير التعليم والتدريب "
    "المهني وتشجيع الاستثمار في الصناعات الصغيرة والمتوسطة"
)
WORDS: Final = TEXT.split()
SPELLINGS: Final = (("أهمية", "اهمية"), ("إلى", "الى"), ("أن", "ان"), ("الحكومية", "الحكوميه"), ("رسمي.", "رسمي!"))
HTML: Final = (("Content-Type", "text/html; charset=utf-8"),)
LOGIN: Final = (
    "<html><head><title>تسجيل الدخول</title></head><body><h1>تسجيل الدخول</h1><input type='password'></body></html>"
)
FURNITURE: Final = ("منذ {} ساعات", "المشاهدات: {}", "{} تعليقا", "آخر تحديث {}:30", "عدد القراءات {}")


@dataclass
class Written:
    """An article as its site has it."""

    url: str
    title: str
    paragraphs: tuple[str, ...]
    edit: Kind | None = None
    edit_at: timedelta = timedelta()
    gone_at: timedelta | None = None
    edited: bool = False


@dataclass
class Newsroom:
    """All sites, and what a week did to them."""

    dice: random.Random
    articles: list[Written] = field(default_factory=list)
    looks: int = 0
    unmodified: int = 0
    can_304: int = 0

    def page(self, one: Written, at: datetime) -> Page:
        """Return an article's page as it is at a look: its text, and furniture that is never twice the same."""
        moving = self.dice.choice(FURNITURE).format(self.dice.randrange(2, 900))
        more = " ".join(self.dice.sample(WORDS, 8))
        paragraphs = "".join(f"<p>{text}</p>" for text in one.paragraphs)
        style = self.dice.choice(("news", "post", "story"))
        html = (
            f'<!doctype html><html lang="ar"><head><title>{one.title} | الموقع</title></head><body class="{style}">'
            f'<div class="ad">{self.dice.random()}</div><article class="{style}-body"><h1>{one.title}</h1>'
            f'<div class="meta"><span>{moving}</span></div>{paragraphs}<p>اقرأ أيضاً: {more}</p></article>'
            f'<aside><a href="/{self.dice.random()}">{more}</a></aside>'
            f'<section class="comments"><p>{more}</p></section>'
            "</body></html>"
        )
        headers = [("Content-Type", "text/html; charset=utf-8")]
        if self.has_validators(one):
            headers.append(("ETag", f'"{abs(hash((one.title, one.paragraphs)))}"'))
        return Page(one.url, 200, tuple(headers), html.encode(), at)

    @staticmethod
    def has_validators(one: Written) -> bool:
        """Return whether its site answers conditional requests."""
        return int(one.url.split(".")[0][-1]) % 2 == 0


def script(seed: int) -> Newsroom:
    """Return a newsroom with its week planned: who is edited how and when, who is taken down."""
    dice = random.Random(seed)  # a script, no secret
    room = Newsroom(dice)
    for number in range(ARTICLES):
        texts = tuple(
            " ".join(dice.choices(WORDS, k=dice.randrange(20, 45))) + "." for _ in range(dice.randrange(4, 12))
        )
        count = dice.randrange(10, 900)
        texts = (f"{texts[0]} وبلغ العدد {count} حالة في بيان رسمي.", *texts[1:])
        room.articles.append(
            Written(f"http://site{number % SITES}.example/{number}", " ".join(dice.choices(WORDS, k=8)), texts)
        )
    kinds = (Kind.SPELLING, Kind.MINOR, Kind.SUBSTANTIVE, Kind.HEADLINE, Kind.CORRECTION)
    chosen = dice.sample(room.articles, EDITS + DELETED)
    for number, one in enumerate(chosen[:EDITS]):
        one.edit, one.edit_at = kinds[number % len(kinds)], timedelta(hours=dice.choice((0.5, 3, 12, 90)))
    for one in chosen[EDITS:]:
        one.gone_at = timedelta(hours=dice.choice((0.5, 3, 12, 90)))
    return room


def edit(one: Written, dice: random.Random) -> None:
    """Change an article as its script says."""
    changes: Mapping[Kind, Callable[[], None]] = {
        Kind.SPELLING: lambda: _respell(one),
        Kind.MINOR: lambda: _replace(
            one, 0, "وبلغ العدد", dice.choice(("وبلغ العدد أمس", "وبلع العدد", "وقد بلغ العدد"))
        ),
        Kind.SUBSTANTIVE: lambda: _substantive(one, dice),
        Kind.HEADLINE: lambda: setattr(one, "title", " ".join(dice.choices(WORDS, k=7))),
        Kind.CORRECTION: lambda: _add(one, dice.choice(("تصحيح: ورد رقم خطأ.", "تنويه: تم تعديل الخبر بعد نشره."))),
    }
    if one.edit:
        changes[one.edit]()
        one.edited = True


def _replace(one: Written, place: int, old: str, new: str) -> None:
    texts = list(one.paragraphs)
    place = next((n for n, text in enumerate(texts) if old in text), place)
    texts[place] = texts[place].replace(old, new, 1)
    one.paragraphs = tuple(texts)


def _respell(one: Written) -> None:
    """Write a word otherwise, as editors do; marks and tatweel would be no edit, for repair drops them."""
    old, new = next(pair for pair in SPELLINGS if any(pair[0] in text for text in one.paragraphs))
    _replace(one, 0, old, new)


def _add(one: Written, text: str) -> None:
    one.paragraphs = (*one.paragraphs, text)


def _substantive(one: Written, dice: random.Random) -> None:
    what = dice.randrange(3)
    if what == 0:
        one.paragraphs = tuple(text.replace("وبلغ العدد ", "وبلغ العدد 1") for text in one.paragraphs)
    elif what == 1:
        one.paragraphs = (*one.paragraphs[:-1], " ".join(dice.choices(WORDS, k=25)) + ".")
    else:
        _add(one, " ".join(dice.choices(WORDS, k=20)) + ".")


def trouble(one: Written, since: timedelta) -> Page | WarraqError | None:
    """Return what a site in trouble answers: an outage, a login, a challenge, each for some hours."""
    site, hours = one.url.split("/")[2], since / timedelta(hours=1)
    if site.startswith("site1.") and 0.8 < hours < 4:  # noqa: PLR2004
        return Gone("http_404", one.url)
    if site.startswith("site2.") and 5 < hours < 8:  # noqa: PLR2004
        return Page(one.url, 200, HTML, LOGIN.encode(), datetime.max.replace(tzinfo=UTC))
    if site.startswith("site3.") and 20 < hours < 30:  # noqa: PLR2004
        return Blocked("challenge", one.url)
    return None


class ScriptedWeb:
    """The sites, at the time of the fakes' clock."""

    def __init__(self, room: Newsroom, made: World, began: datetime) -> None:
        self.room, self.world, self.began = room, made, began
        self.by_url = {one.url: one for one in room.articles}

    def get(self, url: str, headers: Mapping[str, str] = NO_HEADERS, follow: Follow = anywhere) -> Page:
        """Return what a site answers now, as `workers.web.http.Http.get` does."""
        del follow  # nothing redirects
        if (one := self.by_url.get(url)) is None:  # robots.txt and the like
            raise Gone("http_404", url)
        now = self.world.clock()
        since = now - self.began
        self.room.looks += 1
        self.room.can_304 += self.room.has_validators(one)
        answer = trouble(one, since)
        if isinstance(answer, WarraqError):
            raise answer
        if answer is not None:
            return replace(answer, fetched_at=now)
        if one.gone_at is not None and since >= one.gone_at:
            raise Gone("http_404", url)
        page = self.room.page(one, now)
        if page.header("ETag") and headers.get("If-None-Match") == page.header("ETag"):
            self.room.unmodified += 1
            return replace(page, status=304, body=b"")
        return page
