"""The words of bylines: verbs, roles, agencies, desks."""

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_VERBS = (
    "بقلم|بواسطة|كتب[تهاوا]{0,3}|[إا]عداد|أعدته?ا?|تحرير|حررته?ا?|تقرير|ترجمة|ترجمته?ا?|تصوير|متابعة|حوار|تغطية"
    "|حاور(?:ته?ا?|ه?ا?)|(?:أجر[ىت]|اجر[ىت])(?: معه?ا?)? (?:ال)?(?:حوار|مقابلة|لقاء)|التق(?:اه?ا?|ته?ا?)"
    "|الكاتبة?|المؤلفة?|الناشر|المحررة?|المراسلة?|(?:نشرت?|أضيف) بواسطة"
)
_VERBS_EN = (
    "written|posted|published|reported|created|contributed|story|article|words|text|reviewed|edited|medically reviewed"
    "|fact[ -]checked"
)
CREDIT: Final = re.compile(
    rf"^\W*(?:(?:{_VERBS})(?:\s*[:：/\-–ـ]+\s*|\s+)"
    rf"|(?:(?:{_VERBS_EN})\s+)?by\b\s*:?\s*|authors?\s*:\s*|words\s*:\s*|from\s*:\s*)+",
    re.IGNORECASE,
)
"""What precedes a name."""
_ROLES = "مراسلة?|مراسلنا|مندوبة?|صحفية?|صحافية?|كاتبة?|محررة?|باحثة?|مصورة?|موفدة?"
_ROLES_EN = (
    "full bio|view bio|bio|see more|learn more|follow|read more|contributor|staff writer|senior \\w+|view profile"
)
ROLE_ALONE: Final = re.compile(rf"^(?:ال)?(?:{_ROLES})(?:\s.*)?$")
ROLE: Final = re.compile(
    rf"\s+(?:{_ROLES})\s.+$|\s*[-–—|/(]\s*(?:ال)?(?:{_ROLES})(?:\s.*)?$"
    r"|\s*[-–—|•·]\s.*$|\s*\(.*?\)\s*$|\s+on\s+\w+\s+\d.*$|\s+(?:updated|published|posted|last)\b.*$"
    rf"|\s*\b(?:{_ROLES_EN})\b.*$",
    re.IGNORECASE,
)
"""What follows a name: «مراسل الجزيرة», «(القاهرة)»."""
PLACES: Final = _words(
    "الرياض|جدة|مكة|مكة المكرمة|المدينة المنورة|الدمام|الخبر|الطائف|تبوك|أبها|نجران|جازان|حائل|القصيم|بريدة"
    "|الباحة|عرعر|الجوف|الأحساء|القطيف|ينبع|دبي|أبوظبي|أبو ظبي|الشارقة|الدوحة|الكويت|المنامة|مسقط|صنعاء|عدن|تعز"
    "|الحديدة|بغداد|البصرة|الموصل|أربيل|النجف|كربلاء|كركوك|السليمانية|دمشق|حلب|حمص|إدلب|اللاذقية|بيروت|طرابلس"
    "|صيدا|عمان|عمّان|إربد|الزرقاء|القدس|القدس المحتلة|رام الله|غزة|نابلس|الخليل|القاهرة|الإسكندرية|الجيزة"
    "|أسوان|الخرطوم|أم درمان|بنغازي|تونس|صفاقس|سوسة|الجزائر|وهران|قسنطينة|الرباط|طنجة|الدار البيضاء|مراكش|فاس"
    "|أكادير|نواكشوط|مقديشو|جيبوتي|لندن|باريس|برلين|روما|مدريد|بروكسل|جنيف|فيينا|موسكو|كييف|أنقرة|اسطنبول"
    "|إسطنبول|طهران|واشنطن|نيويورك|بكين|طوكيو|نيودلهي|إسلام آباد|كابول|أثينا|لاهاي|ميونيخ|الأمم المتحدة"
    "|السعودية|مصر|العراق|سوريا|لبنان|الأردن|فلسطين|المغرب|ليبيا|السودان|اليمن|قطر|الإمارات|البحرين|تركيا"
)
"""Where Arabic newspapers sign from: «لندن: فلان», «فلان - جدة»."""
LOCATED: Final = re.compile(r"^(?:من|في|ب)\s+\S+(?:\s\S+)?$")
"""A piece that is only a place: «حاوره في صنعاء / فلان»."""
FROM: Final = re.compile(r"\s+(?:من|في)\s+\S+(?:\s\S+)?$")
DASH: Final = re.compile(r"\s*[-–—:/]+\s*|\s+ـ+\s+")
"""Separates name, paper and place in an Arabic signature: «فلان - سبق - الطائف»."""
PARENS: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]?")
ARABIC: Final = re.compile("[\u0621-\u064a]")
LIST: Final = re.compile(
    r"\s*[,،;؛|\n•]\s*|\s+[&+/]\s+|\s*،?\s+and\s+|\s*,\s*and\s+|\s+with\s+|\s+و(?=\s)\s*", re.IGNORECASE
)
"""Separates names."""
AND: Final = re.compile(r"\s+و(?=[^\W\d_]{2})")
WAW_NAMES: Final = re.compile(
    "و(?:ليد|ائل|سام|سيم|داد|جدي|جدى|فاء|جيه|حيد|صفي|صال|ديع|رد|ردة|رده|هيب|هبة|هبه|هبي|ليام|لاء|عد|ئام|جدان|ضاح|قاص|الي|اصف"
    "|افي|اصل|نيس|سن|سيمة|الد|سيلة|جود|جنات|هدان|ثاب|هاب|حدة|زان|ارث|اثق|يلي|يكي|ولف|اطسون|اشنطن|زير|زيرة|كيل|كالة)"
    r"(?!\w)"
)
"""Words whose own first letter is waw: «أحمد وليد» is one person."""
TITLES: Final = _words(
    "phd|ph.d|ph.d.|md|m.d.|m.d|mba|ms|rd|rdn|mph|jd|dds|dvm|cfp|cpa|rn|lmft|mfa|ma|msc|bsc|esq|jr|jr.|sr|sr."
    "|ii|iii|do|cpt|fand|m.s.|r.d.|m.s|r.d|ldn|cscs|cdn|lcsw|psyd|edd|np|pa-c|faap|facs"
)
"""Degrees that follow a name after a comma."""
AGENCIES: Final = _words(
    "رويترز|رويترز العربية|فرانس برس|وكالة فرانس برس|الفرنسية|أ ف ب|أ.ف.ب|أ.ف.ب.|أف ب|أفب|أ ب|أسوشيتد برس"
    "|أسوشييتد برس|أسوشيتدبرس|د ب أ|الألمانية|أ ش أ|الشرق الأوسط|واس|وام|كونا|قنا|بنا|العمانية|بترا|وفا|سانا"
    "|سبأ|سونا|واج|وأج|وات|واع|نينا|الأناضول|شينخوا|تاس|سبوتنيك|إفي|بلومبرغ|بلومبيرغ|نوفوستي|إرنا|تسنيم|معا"
    "|وكالات|الوكالات|وكالات الأنباء|reuters|afp|ap|dpa|associated press|the associated press"
    "|agence france-presse|xinhua|bloomberg|tass|spa|wam|kuna|qna|upi|pa media|anadolu agency|ians|pti|ani|efe"
    "|ansa"
)
"""News agencies as they sign. Those that are also people's names («فارس») are left out."""
DESK: Final = re.compile(
    r"^(?:و?كالة|وكالات|قسم|فريق|هيئة|أسرة|غرفة|مكتب|محررو?|المحررو?ن?|مراسلون?|متابعات?|خاص|مركز|شبكة|صحيفة|جريدة|موقع|مجلة"
    r"|قناة|(?:ال)?[إا]دارة|التحرير|ديسك|نيوز\s?روم|admin\w*|administrator|editors?|webmaster|newsroom|news desk|staff)"
    r"(?:\s.*)?$|(?:^|\s)\S*(?:نت|نيوز|أونلاين|اونلاين|أون لاين|اون لاين|[إا]لكترونية?|\.com|\.net)$",
    re.IGNORECASE,
)
"""Those who sign without a name: «فريق التحرير», «الجزيرة نت»."""
NO_NAME: Final = re.compile(
    r"^(?:ال(?:[إا]ثنين|ثلاثاء|[أا]ربعاء|خميس|جمعة|سبت|[أا]حد)|مشاهد(?:ة|ات)|قراء(?:ة|ات)|تعليق(?:ات)?|(?:ال)?[أا]خبار"
    r"|سياسة|اقتصاد|رياضة|ثقافة|محليات?"
    r"|منوعات|مجتمع|فن(?:ون)?|عربي(?:ة)?(?: ودولي(?:ة)?)?|دولي(?:ة)?|عالمي(?:ة)?|صحة|تكنولوجيا|تقارير|رأي|مقالات)$"
    r"|@|://|\d|^(?:by|posted|author|authors|admin|null|undefined|none|share|comments?|guest|unknown)$|[{}<>=]",
    re.IGNORECASE,
)
SENTENCE: Final = re.compile(
    r"\s(?:is|are|was|has|the|our|your|from|for|with|to|in|about)(?:\s|$)|(?<!\.\w)(?<!\s\w)(?<!\s\w\w)[.!?]$"
)
"""What no name contains."""
