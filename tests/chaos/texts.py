"""Many small Arabic articles made from a seed, as pages and as items of a feed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final

from ingest.urls import article_id, canonical

TENTH: Final = 10
PARAGRAPHS: Final = 5
PARAGRAPH_WORDS: Final = 60
WORDS: Final = """
أعلنت الوزارة اليوم خطة جديدة لدعم المزارعين في القرى البعيدة وقال المتحدث إن العمل يبدأ خلال أسابيع بعد موافقة المجلس
وشارك في الاجتماع خبراء من الجامعة ومديرو المدارس وعدد من التجار الذين طلبوا خفض الرسوم على البضائع عند الميناء الكبير
ورحب سكان الحي بالقرار بينما دعا آخرون إلى دراسة أثره على البيئة والمياه والطرق قبل تنفيذه كما أشار تقرير سابق صدر عن
مركز الأبحاث إلى حاجة المدينة لمستشفى حديث ومكتبة عامة وحديقة للأطفال وملعب يستقبل مباريات الدوري في الموسم القادم
""".split()  # noqa: SIM905  # a list of them is unreadable
NAMES: Final = """
قمر نخلة جسر سفينة كتاب مئذنة بستان صحراء خيمة قلعة منارة واحة نجمة بحر جبل سوق ميدان نافذة باب حجر زيتون رمان عنب ورد
ريح مطر فجر غروب شتاء ربيع
""".split()  # noqa: SIM905
FIRST: Final = datetime(2026, 1, 5, 6, tzinfo=UTC)


End = tuple[str, str]
"""State and reason."""
GOOD: Final[End] = ("indexed", "")


@dataclass(frozen=True, slots=True)
class Story:
    """One article: where it is, the sentence that only it has, and how it must end."""

    number: int
    url: str
    sentence: str
    end: End = GOOD

    @property
    def name(self) -> str:
        """What its address ends in."""
        return self.url.rpartition("/")[2]

    @property
    def id(self) -> str:
        """The article's id."""
        return article_id(canonical(self.url))


def _digits(number: int) -> Iterator[str]:
    while True:
        number, rest = divmod(number, len(NAMES))
        yield NAMES[rest]
        if not number:
            return


def sentence(seed: int, number: int) -> str:
    """Write seed and number as words: the text's repair must have nothing to change."""
    return f"ويحفظ هذا الخبر تحت اسم {' '.join(_digits(number))} في خزانة {' '.join(_digits(seed))} وحدها."


def original(number: int) -> int:
    """Return whose text an article has, but for its own sentence: every tenth copies the one before."""
    return number - 1 if number % TENTH == 1 else number


def headline(story: Story, edition: int = 0) -> str:
    """Write an article's title, as it is in an edition."""
    return f"{_title(story)} في طبعة {' '.join(_digits(edition))}" if edition else _title(story)


def page(story: Story, seed: int, edition: int = 0) -> str:
    chance = random.Random(f"{seed}/{original(story.number)}")
    texts = [" ".join(chance.choices(WORDS, k=PARAGRAPH_WORDS)) + "." for _ in range(PARAGRAPHS)]
    texts[2] = f"{texts[2]} {story.sentence}"
    paragraphs = "\n".join(f"<p>{text}</p>" for text in texts)
    title = headline(story, edition)
    return f"""<!DOCTYPE html><html lang="ar" dir="rtl">
<head><meta charset="utf-8"><title>{title}</title></head>
<body><article><h1>{title}</h1><time datetime="{_at(story).isoformat()}"></time>
{paragraphs}
</article></body></html>"""


def feed(stories: tuple[Story, ...]) -> str:
    items = "".join(
        f"<item><title>{_title(story)}</title><link>{story.url}</link>"
        f"<pubDate>{format_datetime(_at(story))}</pubDate></item>\n"
        for story in stories
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>أخبار</title>'
    return f"{head}\n{items}</channel></rss>"


def _title(story: Story) -> str:
    return f"خبر {' '.join(_digits(story.number))} من غرفة الأخبار"


def _at(story: Story) -> datetime:
    return FIRST + timedelta(minutes=story.number)
