"""Whose text it is: news agencies by one name each, in a credit line, in the dateline, as the site itself."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from ingest.stories.shingles import folded

_SIGNED: Final[Mapping[str, str]] = {
    "واس": "واس|و ا س|وكاله الانباء السعوديه|الانباء السعوديه|spa",
    "رويترز": "رويترز|وكاله رويترز|رويترز العربيه|reuters",
    "أ ف ب": "ا ف ب|اف ب|افب|فرانس برس|وكاله فرانس برس|وكاله الصحافه الفرنسيه|الفرنسيه|afp|agence france presse",
    "أ ب": "ا ب|اسوشيتد برس|اسوشييتد برس|اسوشيتدبرس|ap|associated press|the associated press",
    "د ب أ": "د ب ا|الالمانيه|وكاله الانباء الالمانيه|dpa",
    "أ ش أ": "ا ش ا|وكاله انباء الشرق الاوسط",
    "الأناضول": "الاناضول|وكاله الاناضول|anadolu agency",
    "شينخوا": "شينخوا|xinhua",
    "سبوتنيك": "سبوتنيك|نوفوستي",
    "وام": "وام|وكاله انباء الامارات|wam",
    "كونا": "كونا|وكاله الانباء الكويتيه|kuna",
    "قنا": "قنا|وكاله الانباء القطريه|qna",
    "بنا": "بنا|وكاله انباء البحرين",
    "العمانية": "العمانيه|وكاله الانباء العمانيه",
    "بترا": "بترا|وكاله الانباء الاردنيه",
    "وفا": "وفا|وكاله الانباء الفلسطينيه",
    "سانا": "سانا",
    "سبأ": "سبا|سبءنت",
    "بلومبرغ": "بلومبرغ|بلومبيرغ|bloomberg",
}
NAMES: Final[Mapping[str, str]] = {form: name for name, forms in _SIGNED.items() for form in forms.split("|")}
"""Each agency's name by the forms, folded, in which it signs."""
SITES: Final[Mapping[str, str]] = {
    "spa.gov.sa": "واس",
    "reuters.com": "رويترز",
    "afp.com": "أ ف ب",
    "aa.com.tr": "الأناضول",
    "wam.ae": "وام",
    "kuna.net.kw": "كونا",
    "qna.org.qa": "قنا",
    "bna.bh": "بنا",
    "omannews.gov.om": "العمانية",
    "petra.gov.jo": "بترا",
    "wafa.ps": "وفا",
    "sana.sy": "سانا",
    "xinhuanet.com": "شينخوا",
}
"""Each agency's name by its site."""
HEAD: Final = 90
"""Characters in which a dateline stands, with what a page puts before it."""
_DATELINE: Final = (
    *("واس", "و ا س", "رويترز", "ا ف ب", "اف ب", "د ب ا", "ا ش ا", "الاناضول", "شينخوا", "فرانس برس", "سبوتنيك"),
    *("كونا", "بترا", "سانا", "العمانيه", "بلومبرغ"),
)
"""Forms that stand in datelines and are no common words."""
_SHORT: Final = ("وام", "وفا", "بنا", "سبا", "ا ب")
"""Forms that are words as well («وأم», «وفا», «بنا»): agencies only between two signs. «قنا» is a city there, too."""
_NAMED: Final = "|".join(sorted(_DATELINE, key=len, reverse=True))
_HIDDEN: Final = "|".join(_SHORT)
_AT_THE_HEAD: Final = re.compile(
    rf"[-–—:/|] ?({_NAMED})\b|^\W*({_NAMED}) ?[-–—:/|(]|^[\w ]{{0,25}}[-–—]? ?\( ?({_NAMED}|{_HIDDEN}) ?\)"
    rf"|، ?({_NAMED}) ?[-–—:/|)]|[-–—:/|] ?({_HIDDEN}) ?[-–—:/|)]"
)
_AT_THE_END: Final = re.compile(rf"[.!؟] ?[(«\[] ?({_NAMED}) ?[)»\]]\W*$")
_DASH: Final = re.compile(r"(?<=\s)ـ+(?=\s)")
"""A tatweel that stands alone is meant as a dash."""
_DOTTED: Final = re.compile(r"\b(\w)\.(?=\w\b)")
"""«أ.ف.ب» is «أ ف ب»."""
_QUOTE: Final = re.compile('[«»"“”]')
_NO_WORD: Final = re.compile(r"[^\w ]")
_SPACE: Final = re.compile(r"\s+")


def agencies_of(credited: Iterable[str], body: str, site: str) -> tuple[str, ...]:
    """Return the agencies whose text it is by its own word: credit line, site, dateline or last words."""
    named = [name for one in credited if (name := name_of(one))]
    own = next((name for domain, name in SITES.items() if site == domain or site.endswith(f".{domain}")), None)
    found = [*named, *([own] if own else [])] or _dateline(body)
    return tuple(dict.fromkeys(found))


def _dateline(body: str) -> list[str]:
    head, end = (_plain(part) for part in (body[:HEAD], body[-HEAD:]))
    found = _AT_THE_HEAD.search(_QUOTE.sub("", head)) or _AT_THE_END.search(end)
    return [NAMES[form] for form in found.groups() if form] if found else []


def _plain(part: str) -> str:
    return _SPACE.sub(" ", _DOTTED.sub(r"\1 ", folded(_DASH.sub("-", part)))).strip()


def name_of(written: str) -> str:
    """Return the name of the agency that signs like this; '' of a desk, a paper, a person."""
    return NAMES.get(_SPACE.sub(" ", _NO_WORD.sub(" ", folded(written))).strip(), "")
