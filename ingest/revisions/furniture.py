"""Lines that change at each look and that nobody edits: counters, «منذ ساعة», links to other articles.

Extraction leaves most of them out. What slips through must not pass for an edit.
"""

import re
from typing import Final

LONGEST: Final = 12
"""Words of such a line; links to other articles have a headline behind them."""
COUNTER: Final = 5
"""Words of a line that counts something."""
UNITS: Final = r"(?:ثاني|ثوان|دقيق|دقائق|ساع|يوم|أيام|ايام|أسبوع|اسبوع|أسابيع|اسابيع|شهر|أشهر|اشهر|سن|عام|أعوام)"
COUNTED: Final = r"(?:مشاهد|قراء|زيار|تعليق|مشارك|إعجاب|اعجاب|تحميل|views?\b|comments?\b|shares?\b|likes?\b|reads?\b)"
END: Final = r"(?=\W*$|\s*[|•·،,(\-–—]|\s+(?:بقلم|بواسطة|كتب))"
"""«قبل يومين أعلن» begins a sentence."""
AGO: Final = rf"(?:منذ|قبل)\s+(?:\S+\s+){{0,2}}?{UNITS}\w*"
MOVING: Final = re.compile(
    rf"^\W*(?:(?:تم )?(?:ال)?(?:نشر|نُشر|نشره?|نشرت|تحديثه?|آخر تحديث|اخر تحديث|حرر|أضيف|اضيف|كتب)\W*)?{AGO}"
    rf"(?:\s*و\s*(?:\S+\s+)?{UNITS}\w*)?(?:\s+(?:واحدة?|فقط|تقريبا[ً]?))?{END}"
    r"|^\W*(?:آخر|اخر) (?:تحديث|تعديل)\b|^\W*(?:تاريخ|وقت) (?:ال)?(?:نشر|تحديث|اضافة|إضافة)\b"
    r"|^\W*(?:قراءة|(?:مدة|وقت|زمن) القراءة)\s*:?\s*(?:[\d٠-٩]+|دقيق|أقل)|^\W*\d+\s?min(?:ute)?s? read\W*$"
    r"|^\W*(?:[\d٠-٩]+\s+)?دق(?:يقة|ائق|يقتان|يقتين)\s+(?:واحدة\s+)?(?:لل?)?قراءة\W*$"
    r"|^\W*(?:last )?updated\b|^\W*published\b.{0,20}\bago\b",
    re.IGNORECASE,
)
AROUND: Final = re.compile(
    r"^\W*(?:شارك|مشاركة|انشر|تابعنا|share)(?:نا|ها|ه)?"
    r"(?: (?:هذا |هذه )?(?:ال)?(?:خبر|مقال|مادة))?(?: (?:على|عبر|في|on))?\W*"
    r"(?:فيس ?بوك|تويتر|واتس ?[اآ]ب|تلي?[غج]رام|facebook|twitter|whatsapp)"
    r"|^\W*(?:تابع|تابعونا|تابعوا|لمتابعة|انضم|انضموا|اشترك|اشتركوا) (?:أهم |آخر |اخر |أبرز |جميع )?"
    r"(?:(?:ال)?(?:أخبار|اخبار)\w* )?(?:عبر|على|في|إلى|الى) (?:قناتنا|صفحتنا|قناة|نشرتنا|النشرة|حسابنا"
    r"|فيسبوك|تويتر|واتس ?[اآ]ب|تلي?[غج]رام|google news|أخبار جوجل|جوجل نيوز)"
    r"|^\W*(?:إعلان|اعلان|إعلانات|advertisement|الأكثر (?:قراءة|مشاهدة|تداولا|زيارة)|طباعة|حجم الخط|مشاركة|شارك)\W*$"
    r"|^\W*(?:لا توجد تعليقات|(?:أضف|اضف|اترك|اكتب) تعليق\w*)\b"
    r"|^\W*استمع (?:لل?|إلى )(?:هذا )?(?:ال)?(?:مقال|خبر|مادة)\w*\W*$"
    r"|^\W*(?:جميع|كافة|كل) الحقوق محفوظة|^\W*(?:copyright\b|all rights reserved)|^(?:\s*#\S+)+\s*$"
    r"|^\W*(?:كتبت?|بقلم|تحرير|إعداد|اعداد|بواسطة)\s*[:/|\-–]|^\W*(?:الوسوم|كلمات (?:مفتاحية|دلالية))\b"
    r"|^\W*(?:(?:ال)?(?:سبت|أحد|احد|اثنين|إثنين|ثلاثاء|أربعاء|اربعاء|خميس|جمعة)\W+)?[\d٠-٩]{1,4}(?:\s+[^\W\d]+\s+|[/.\-])"
    r"(?:[\d٠-٩]{1,2}[/.\-])?[\d٠-٩]{2,4}(?:\W+[\d٠-٩]{1,2}:[\d٠-٩]{2})?\W*(?:ص|م|am|pm|gmt)?\W*$"
    r"|^\W*\d+ (?:second|minute|hour|day|week|month)s? ago\W*$",
    re.IGNORECASE,
)
"""Buttons, notices, bylines (authors are compared as such), tags, and lines that are nothing but a date."""
COUNTS: Final = re.compile(
    rf"^\W*(?:عدد\s+(?:ال)?|ال)?{COUNTED}\w*\s*[:(\-–]?\s*[\d٠-٩۰-۹][\d٠-٩۰-۹,.٬KkMm]*"
    rf"|^\W*[\d٠-٩۰-۹][\d٠-٩۰-۹,.٬KkMm]*\s*{COUNTED}|^\W*(?:قرئ|قُرئ|شوهد|شُوهد)ت?\s+[\d٠-٩][\d٠-٩,.٬]*\s+مرة\W*$",
    re.IGNORECASE,
)
LINK: Final = re.compile(
    r"^\W*(?:[إا]قر[أا](?:/ي|وا)? (?:أيض|ايض|المزيد|كذلك)|(?:شاهد|طالع) (?:أيض|ايض|كذلك)"
    r"|(?:أخبار|اخبار|مواضيع|موضوعات|مقالات|مواد) (?:ذات صلة|متعلقة|مقترحة|مشابهة|قد تهمك)|ذات صلة"
    r"|قد (?:يهمك|يعجبك)|للمزيد\s*(?:[^\w\s]|$|من (?:الأخبار|التفاصيل|المعلومات))|المزيد(?:\s+حول|\s+من)?\s*:"
    r"|read (?:also|more)|related\s*(?:[:|]|$|(?:articles|stories|news|posts)))",
    re.IGNORECASE,
)


def without_furniture(body: str) -> str:
    """Return a body without the lines that are no part of what its authors wrote."""
    return "\n".join(line for line in body.split("\n") if line.strip() and not is_furniture(line))


def is_furniture(line: str) -> bool:
    """Return whether a line moves by itself, or leads to another article."""
    if LINK.match(line):
        return True
    words = len(line.split())
    return (words <= LONGEST and bool(MOVING.match(line) or AROUND.match(line))) or (
        words <= COUNTER and bool(COUNTS.match(line))
    )
