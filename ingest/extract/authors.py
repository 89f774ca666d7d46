"""Bylines into names: «بقلم» and its like stripped, «X وY» split, agencies and desks told from people."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ingest.extract.head import line

NAME: Final = 60
"""Characters of a name at most; more is a sentence about the author."""
WORDS: Final = 7
CREDIT: Final = re.compile(
    r"^\W*(?:(?:بقلم|بواسطة|كتب[تهاوا]{0,3}|إعداد|اعداد|أعدته?ا?|تحرير|حررته?ا?|تقرير|ترجمة|ترجمته?ا?|تصوير|متابعة|حوار|حاوره?ا?|تغطية"
    r"|الكاتبة?|المؤلفة?|الناشر|المحررة?|المراسلة?|(?:نشر|نشرت|أضيف|كتب) بواسطة)(?:\s*[:：/\-–]\s*|\s+)"
    r"|(?:(?:written|posted|published|reported|created|contributed|story|article|words|text|reviewed|edited|medically reviewed"
    r"|fact[ -]checked)\s+)?by\b\s*:?\s*|authors?\s*:\s*|words\s*:\s*|from\s*:\s*)+",
    re.IGNORECASE,
)
ROLE: Final = re.compile(
    r"\s*(?:[-–—|/]\s*|\(\s*)?(?:ال)?(?:مراسلة?|صحفية?|صحافية?|كاتبة?|محررة?|باحثة?|مصورة?|موفدة?)(?:\s.*)?$"
    r"|\s*[-–—|•·]\s.*$|\s*\(.*?\)\s*$|\s+on\s+\w+\s+\d.*$|\s+(?:updated|published|posted|last)\b.*$"
    r"|\s*\b(?:full bio|view bio|bio|see more|learn more|follow|read more|contributor|staff writer|senior \w+|view profile)\b.*$",
    re.IGNORECASE,
)
PLACE: Final = re.compile(r"^(?:ال)?[\w]+(?:\s[\w]+)?\s*(?:[-–—:]|\s/)\s*(?=\S)")
"""«لندن: », «القاهرة - » before a name, as Arabic newspapers sign."""
LIST: Final = re.compile(
    r"\s*[,،;؛|\n•]\s*|\s+[&+/]\s+|\s*،?\s+and\s+|\s*,\s*and\s+|\s+with\s+|\s+و(?=\s)\s*", re.IGNORECASE
)
AND: Final = re.compile(r"\s+و(?=[^\W\d_]{2})")
WAW_NAMES: Final = re.compile(
    r"و(?:ليد|ائل|سام|سيم|داد|جدي|جدى|فاء|جيه|حيد|صفي|صال|ديع|رد|ردة|رده|هيب|هبة|هبه|هبي|ليام|لاء|عد|ئام|جدان|ضاح|قاص|الي|اصف|افي|اصل"
    r"|نيس|سن|سيمة|الد|سيلة|جود|جنات|هدان|ثاب|هاب|حدة|زان|ارث|اثق|يلي|يكي|ولف|اطسون|اشنطن)(?!\w)"
)
"""Names whose first letter is waw: «أحمد وليد» is one person."""
TITLES: Final = frozenset(
    "phd ph.d ph.d. md m.d. m.d mba ms rd rdn mph jd dds dvm cfp cpa rn lmft mfa ma msc bsc esq jr jr. sr sr. ii iii do cpt fand"
    " m.s. r.d. m.s r.d ldn cscs cdn lcsw psyd edd e-ryt np pa-c faap facs".split()
)
AGENCIES: Final = frozenset(
    (
        "رويترز|أ ف ب|أ.ف.ب|أف ب|أ.ف.ب.|ا ف ب|أفب|فرانس برس|وكالة فرانس برس|الفرنسية|أ ب|أ.ب|ا ب|أسوشيتد برس|اسوشيتد برس|أسوشييتد برس"
        "|أسوشيتدبرس|د ب أ|د.ب.أ|د ب ا|الألمانية|أ ش أ|أ.ش.أ|ا ش ا|الشرق الأوسط|واس|وام|كونا|قنا|بنا|العمانية|بترا|وفا|سانا|سبأ|سونا|واج|وأج"
        "|وات|وال|واع|نينا|الأناضول|الاناضول|شينخوا|تاس|سبوتنيك|إفي|بلومبرغ|بلومبيرغ|نوفوستي|إرنا|ارنا|تسنيم|فارس|مهر|معا|صفا|سما"
        "|وكالات|الوكالات|وكالة|وكالات الأنباء|رويترز العربية|reuters|afp|ap|dpa|associated press|the associated press|agence france-presse"
        "|xinhua|bloomberg|tass|spa|wam|kuna|qna|upi|pa media|anadolu agency|ians|pti|ani|efe|ansa"
    ).split("|")
)
DESK: Final = re.compile(
    r"^(?:و?كالة|وكالات|قسم|فريق|هيئة|أسرة|غرفة|مكتب|محررو?|المحررو?ن?|مراسلو|مراسلون|متابعات?|خاص|مركز|شبكة|صحيفة|جريدة|موقع|مجلة|قناة|إدارة|ادارة"
    r"|الإدارة|الادارة|التحرير|ديسك|نيوز\s?روم|admin\w*|administrator|editor|editors|webmaster|newsroom|news desk|staff)(?:\s.*)?$"
    r"|(?:نت|نيوز|أونلاين|اونلاين|أون لاين|اون لاين|\.com|\.net)$",
    re.IGNORECASE,
)
NO_NAME: Final = re.compile(
    r"@|://|\d|^(?:by|posted|author|authors|admin|null|undefined|none|share|comments?|guest|unknown)$|[{}<>=]",
    re.IGNORECASE,
)
SENTENCE: Final = re.compile(r"\s(?:is|are|was|has|the|our|your|from|for|with|to|in|about)(?:\s|$)|[.!?]$(?<!\w\.)")
FOLD: Final = str.maketrans("أإآى", "اااي", "«»\"“”'")


@dataclass(frozen=True, slots=True)
class Byline:
    """Who signs an article."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    """News agencies and desks: «رويترز», «فريق التحرير», the site itself."""

    def __bool__(self) -> bool:
        return bool(self.people or self.agencies)


def byline(texts: Iterable[str], site: str = "", *, shown: bool = False) -> Byline:
    """Return the names in bylines, each once, in order. `site` is the publication's name, which is no person's.

    What is `shown` may be any text: there a Latin name begins with a capital letter.
    """
    names = dict.fromkeys(name for text in texts for name in _names(text) if not shown or _is_capital(name))
    people = [name for name in names if not _is_agency(name, site)]
    return Byline(tuple(people), tuple(name for name in names if name not in people))


def _names(text: str) -> list[str]:
    text = line(text)
    if "http" in text or "www." in text:
        return []
    parts = (piece for part in LIST.split(CREDIT.sub("", text)) for piece in _and(part))
    names = (_name(part) for part in parts)
    return [name for name in names if 1 < len(name) <= NAME and len(name.split()) <= WORDS and _may_be_name(name)]


def _is_capital(name: str) -> bool:
    return name[:1].lower() == name[:1].upper() or (name[:1].isupper() and not SENTENCE.search(name))


def _may_be_name(name: str) -> bool:
    return name.lower().strip(".") not in TITLES and name.lower() not in TITLES and not NO_NAME.search(name)


def _and(text: str) -> list[str]:
    """Part «سارة محمود ومنى خالد», but not «أحمد وليد»."""
    for match in AND.finditer(text):
        if not WAW_NAMES.match(text, match.end() - 1):
            return [text[: match.start()], *_and(text[match.end() :])]
    return [text]


def _name(text: str) -> str:
    """Return a name without verb, place and role."""
    bare = line(CREDIT.sub("", text)).strip(" -–—:|/*•·")
    if (place := PLACE.match(bare)) and len(bare[place.end() :].split()) > 1:
        bare = bare[place.end() :]
    return (ROLE.sub("", bare).strip(" -–—:|/*•·,،") or bare).strip('«»"“”')


def _is_agency(name: str, site: str) -> bool:
    plain = name.translate(FOLD).strip("() ").lower()
    return (
        plain in _AGENCIES
        or bool(DESK.search(name.strip('«»"() ')))
        or (bool(site) and plain == site.translate(FOLD).lower())
    )


_AGENCIES: Final = frozenset(name.translate(FOLD) for name in AGENCIES)
