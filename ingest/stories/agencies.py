"""Whose text it is: news agencies by one name each, in a credit line, in the dateline, as the site itself."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from ingest.stories.shingles import folded

_SIGNED: Final[Mapping[str, str]] = {
    "واس": "واس|وكاله الانباء السعوديه|الانباء السعوديه|spa",
    "رويترز": "رويترز|وكاله رويترز|رويترز العربيه|reuters",
    "أ ف ب": "ا ف ب|اف ب|افب|فرانس برس|وكاله فرانس برس|الفرنسيه|afp|agence france presse",
    "أ ب": "ا ب|اسوشيتد برس|اسوشييتد برس|اسوشيتدبرس|ap|associated press|the associated press",
    "د ب أ": "د ب ا|الالمانيه|وكاله الانباء الالمانيه|dpa",
    "أ ش أ": "ا ش ا|وكاله انباء الشرق الاوسط",
    "الأناضول": "الاناضول|وكاله الاناضول|anadolu agency",
    "شينخوا": "شينخوا|xinhua",
    "سبوتنيك": "سبوتنيك|نوفوستي",
    "وام": "وام|wam",
    "كونا": "كونا|kuna",
    "قنا": "قنا|qna",
    "بنا": "بنا",
    "العمانية": "العمانيه|وكاله الانباء العمانيه",
    "بترا": "بترا",
    "وفا": "وفا",
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
_DATELINE: Final = frozenset({"واس", "رويترز", "ا ف ب", "اف ب", "د ب ا", "ا ش ا", "الاناضول", "شينخوا", "فرانس برس"})
"""Forms that stand in datelines and are no common words: «وفا» and «بنا» are."""
_NAMED: Final = "|".join(sorted(_DATELINE, key=len, reverse=True))
_AT_THE_HEAD: Final = re.compile(rf"[-–—:/] ?({_NAMED})\b|^\W*({_NAMED}) ?[-–—:/(]|^[\w ]{{0,25}}\( ?({_NAMED}) ?\)")
_AT_THE_END: Final = re.compile(rf"[.!؟] ?[(«\[] ?({_NAMED}) ?[)»\]]\W*$")
_DASH: Final = re.compile(r"(?<=\s)ـ+(?=\s)")
"""A tatweel that stands alone is meant as a dash."""
_NO_WORD: Final = re.compile(r"[^\w ]")
_SPACE: Final = re.compile(r"\s+")


def agencies_of(credited: Iterable[str], body: str, site: str) -> tuple[str, ...]:
    """Return the agencies whose text it is by its own word: credit line, site, dateline or last words."""
    named = [name for one in credited if (name := name_of(one))]
    own = next((name for domain, name in SITES.items() if site == domain or site.endswith(f".{domain}")), None)
    found = [*named, *([own] if own else [])] or _dateline(body)
    return tuple(dict.fromkeys(found))


def _dateline(body: str) -> list[str]:
    head, end = (_SPACE.sub(" ", folded(_DASH.sub("-", part))).strip() for part in (body[:HEAD], body[-HEAD:]))
    found = _AT_THE_HEAD.search(head) or _AT_THE_END.search(end)
    return [NAMES[form] for form in found.groups() if form] if found else []


def name_of(written: str) -> str:
    """Return the name of the agency that signs like this; '' of a desk, a paper, a person."""
    return NAMES.get(_SPACE.sub(" ", _NO_WORD.sub(" ", folded(written))).strip(), "")
