"""Lines that lead to another article or to the site's own affairs, by their words: Arabic first, some English."""

import re
from typing import Final

LEAD_IN: Final = re.compile(
    r"^\W*(?:"
    r"(?:[اأإ]قرأ(?:وا|ي)?|[اأ]قرؤوا|شاهد(?:وا)?|طالع(?:وا)?|و?تابع(?:وا)?|[إا]ستمع|للمزيد)"
    r"\s?(?:[اأ]يض[اًا]{1,2}|المزيد|كذلك)"
    r"|(?:[اأإ]قرأ(?:وا|ي)?|شاهد(?:وا)?|طالع(?:وا)?|(?:ذات|موضوعات?|مواضيع) صلة)\s?[:：]"
    r"|(?:ن|أ)?رش(?:ح|ّح)(?:نا)? ل(?:ك|كم)(?!\w)|(?:لا|كي لا|حتى لا) [يت]فوت(?:ك|كم)(?!\w)|اختر(?:نا|ت) ل(?:ك|كم)(?!\w)"
    r"|(?:تقرؤون|[اأإ]قرئي|(?:و?من )?[اأ]خبارنا)\s[اأ]يض[اًا]{1,2}\W*$|للاطلاع على (?:المزيد|مزيد)"
    r"|[اأإ]قرأ (?:في|على) (?:موقع )?\S+\W*$"
    r"|(?:(?:ملحوظة|ملاحظة|تنويه)\s?[:：]\s?)?مضمون هذا (?:الخبر|المقال)"
    r"|[نأ]نصح(?:ك|كم) ب(?:قراءة|متابعة|مشاهدة)"
    r"|(?:ل(?:قراءة|متابعة|معرفة|مشاهدة)\s(?:المزيد|[آأا]خر|جميع|باقي|بقية)"
    r"|(?:لمزيد|للمزيد|المزيد) من (?:الأخبار|المعلومات|التفاصيل)|المزيد (?:عن|حول)\s)"
    r"|(?:قد|ربما)\s(?:يهمك|يعجبك|تهمك|يهمكم)|(?:يمكنكم?|بإمكانكم)\s(?:متابعة|الاشتراك|قراءة)"
    r"|(?:تابعونا|تابعنا|تابعوا|تابع)\s(?:على|عبر|صفحت|قنات|حساب|آخر|القنوات)|(?:تابعونا|تابعنا)\W*$"
    r"|انضم(?:وا)?\s(?:إلينا|الينا|الآن|(?:إلى|الى) قنا)|سج[ّ]?ل\s(?:الآن|في نشرتنا|بريدك)"
    r"|اشترك(?:وا)?\s(?:الآن|معنا|في (?:نشرت|النشرة|قنات|القناة|خدمة|صفحت))"
    r"|شارك(?:ها|ه|وا|نا)?\s(?:على|عبر|الخبر|المقال|هذا|الموضوع|رأيك)|انشر (?:الخبر|المقال)"
    r"|(?:اضغط|انقر|إضغط|أنقر)\s(?:هنا|على)|حم[ّ]?ل(?:وا)?\s(?:تطبيق|التطبيق)"
    r"|[إا]علان(?:ات)?\W*$|[إا]علان (?:ممول|مدفوع)"
    r"|جميع (?:ال)?حقوق|حقوق (?:النشر|الطبع)|كل الحقوق محفوظة|©|\(c\)|copyright\b"
    r"|(?:ال)?كلمات (?:ال)?(?:مفتاحية|دلالية|دليلية)|الوسوم\b|(?:الأقسام|التصنيف|القسم|تصنيفات)\s?:"
    r"|(?:المصدر|المصادر|مصدر الصورة|مصدر الخبر|المحرر|رابط مختصر|الرابط المختصر|حجم الخط)\W*[:：]"
    r"|عدد (?:المشاهدات|القراءات|الزوار)\W*[:：]|\d+\s?(?:تعليقات?|مشاهدات?|مشاهدة|قراءات?|قراءة|إعجاب)\W*$"
    r"|(?:تصوير|عدسة|الصورة|صورة|تعليق الصورة|المصور)\s?[:：]|صورة (?:أرشيفية|ارشيفية|تعبيرية|توضيحية)"
    r"|(?:أ|ا)رشيفية\W*$|(?:نسخ الرابط|تم نسخ الرابط|طباعة|مشاركة|حفظ|واتساب|تويتر|فيسبوك|تيليغرام|تلغرام|استمع)\W*$"
    r"|[أإ]رس(?:ل|ال) إلى صديق|(?:تكبير|تصغير) (?:حجم )?الخط|لا (?:توجد|يوجد) تعليقات"
    r"|(?:أضف|اضف|اترك|أكتب|اكتب)\s(?:تعليق|رد)|هل (?:أعجبك|وجدت)\s(?:هذا|الخبر|المقال|الموضوع)"
    r"|(?:الآراء|التعليقات|المقالات) (?:الواردة|المنشورة)[^.]{0,60}\sتعبر\s"
    r"|(?:الخبر|المقال) (?:السابق|التالي)|(?:السابق|التالي)\W*$"
    r"|\*\s?(?:\S+\s){1,5}(?:كاتبة?|باحثة?|أكاديمية?|صحفية?|محللة?|أستاذة?|خبيرة?|روائية?)\b"
    r")"
)
"""These leak from every extractor (measured)."""
BYLINE: Final = re.compile(
    r"^\W*(?:بقلم|كتب(?:ت|ه|ها)?|إعداد|اعداد|تحرير|ترجمة|متابعة|مراسلنا|مراسل|حوار|تقرير)"
    r"\s?[:：/\-–]\s?\S+(?:\s\S+){0,5}$"
)
"""«بقلم: سارة محمود», a line of its own."""
ENGLISH: Final = re.compile(
    r"\binbox\b|\bfollow (?:us|me)\b|^read (?:more|also|next)\b|^related\b"
    r"|^advertisement|^updated|^like this|^listen to|réservée? aux abonnés|会員限定|会員登録|記事が読み放題",
    re.IGNORECASE,
)
HEADING: Final = re.compile(
    r"^\W*(?:(?:مواضيع|موضوعات|[اأ]خبار|مقالات|تقارير|مواد|روابط|قصص)\s"
    r"(?:ذات صلة|ذات علاقة|متعلقة|مشابهة|مرتبطة|[اأ]خرى|قد تهمك)"
    r"|(?:النشرة|نشرتنا) البريدية|ذات صلة|ذو صلة|(?:قد|ربما) (?:يهمك|يعجبك|تهمك)(?: [اأ]يض[اًا]{1,2})?"
    r"|الأكثر (?:قراءة|مشاهدة|تعليق[اًا]{1,2}|تداولا)|(?:آخر|أحدث) الأخبار"
    r"|المزيد (?:من|في) (?:ال)?(?:أخبار|مقالات|قصص|تقارير|قسم)[^.]{0,30}"
    r"|(?:ال)?تعليقات(?: الزوار| القراء)?(?:\s?\(?\d*\)?)?|[اأ]ضف تعليق(?:ا|ك)?"
    r"|[اا]ترك (?:تعليق|رد)[اًا]{0,2}"
    r"|related (?:articles|stories|posts|news|coverage|topics)|(?:read|watch) next"
    r"|you (?:may|might) also like|more from [^.]{2,40}"
    r"|recommended(?: for you| stories)?|most (?:read|popular)|leave a (?:reply|comment)"
    r"|comments?(?: \(\d+\))?|about the author)\W*$",
    re.IGNORECASE,
)
"""Headings of lists of other articles, and of comments."""
COMMENTS: Final = re.compile(
    r"^\W*(?:\d+ )?(?:(?:ال)?تعليقات|تعليق[اًا]{0,2})(?: (?:الزوار|القراء|الفيسبوك))?(?:\s?\(?\d*\)?)?\W*$"
    r"|^\W*(?:\d+ )?comments?(?:\s?\(?\d*\)?)?\W*$",
    re.IGNORECASE,
)
"""Headings of readers' comments."""
DATE_LINE: Final = re.compile(
    r"\W*(?:تم النشر|نُ?شر|تاريخ|[آا]خر تحديث|\d"
    r"|(?:يوم )?(?:ال[إا]ثنين|الثلاثاء|ال[أا]ربعاء|الخميس|الجمعة|السبت|ال[أا]حد))"
    r"[^.!؟]*"
)
WORDS: Final = 25
"""A longer line that begins like clutter is a paragraph."""
DATE_WORDS: Final = 12
"""A longer first line that begins like a date is a sentence."""
CHARACTERS: Final = 250


def is_clutter(text: str) -> bool:
    """Return whether a line leads to another article, or speaks of the site."""
    if len(text) > CHARACTERS or len(text.split()) > WORDS:
        return False
    return bool(LEAD_IN.match(text) or BYLINE.match(text) or ENGLISH.search(text))


def opens_clutter(text: str) -> bool:
    """Return whether a line is the heading of other articles or of comments."""
    return len(text) <= CHARACTERS and bool(HEADING.match(text))


def opens_comments(text: str) -> bool:
    """Return whether a heading is that of readers' comments."""
    return len(text) <= CHARACTERS and bool(COMMENTS.match(text))


def reads_as_date(text: str) -> bool:
    """Return whether a line begins like the page's date, which stands close above the text."""
    return len(text) <= CHARACTERS and bool(DATE_LINE.fullmatch(text)) and len(text.split()) <= DATE_WORDS
