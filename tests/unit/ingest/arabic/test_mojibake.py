"""How much broken text is repaired to the letter, and that no clean text of any language is taken for broken.

All sentences are invented. The shares are thresholds, a little under what was reached.
"""

import html
import random
from collections.abc import Callable

import pytest

from ingest.arabic.repair import repair

SENTENCES = (
    "قال رئيس الوزراء إن الحكومة ستعقد اجتماعًا في بغداد، «غدًا» عند الساعة 10:30؛ فهل يحضر الجميع؟",
    "أعلنت وزارة الصحة تسجيل 250 إصابة جديدة خلال الأسبوع الماضي.",
    "انطلاق مهرجان الفيلم القصير في مراكش",
    "ارتفاع أسعار النفط",
    "حذر خبراء الأرصاد من موجة حر شديدة تضرب شمال البلاد ابتداءً من يوم الخميس المقبل",
    "فاز الفريق الضيف بثلاثة أهداف مقابل هدف واحد، وسط حضور جماهيري كبير!",
    'وأضاف المتحدث: "لن نقبل بأقل من ذلك" (في إشارة إلى الاتفاق)',
    "تراجع سهم الشركة بنسبة 4.5% إلى 12.80 دولار - أدنى مستوى منذ عام 2019",
    "الشرطة تلقي القبض على مشتبه به قرب محطة القطار",
    "هل تنجح المفاوضات؟",
    "افتتاح جسر جديد يربط ضفتي النهر بعد توقف دام سبع سنوات",
    "قصف عنيف على مواقع قرب الحدود الشرقية ومقتل ضابط وإصابة خمسة جنود",
    "وصل الوفد إلى العاصمة على متن طائرة خاصة",
    "المصدر: وكالة الأنباء - ص 7",
    "شهدت الأسواق المحلية إقبالًا ملحوظًا على شراء الملابس قبيل العيد",
    "غضب في صفوف المزارعين بسبب نقص المياه وغلاء الأسمدة",
    "كتب الصحفي ظافر عبد الغفور مقالا طويلا عن ظاهرة التصحر",
    "بدء محاكمة المتهمين في قضية غسل الأموال",
    "ثلاثون طالبا وطالبة يحصلون على منح دراسية من مؤسسة نور",
    "نائب يطالب بتشديد الرقابة على استيراد الأجهزة الكهربائية",
)
SPOKEN = (
    "بحسب موقع BBC فإن الشركة ستطلق هاتف X200 في دبي",
    "قال “نعم” ثم غادر… فما السبب – يا ترى؟",
    "مُحَمَّدٌ كَتَبَ الدَّرْسَ في المَدْرَسَةِ",
    "عقدت الجلسة في ١٢ أيار ٢٠٢٦ بحضور ٤٠ نائبا",
)


def whatwg(data: bytes) -> str:
    """Read as a browser reads windows-1252: the five bytes it lacks are controls."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


def misread(written: str, *read: str) -> Callable[[str], str]:
    def broken(text: str) -> str:
        data = text.encode(written)
        for level, charset in enumerate(read):
            if level:
                data = text.encode()
            text = whatwg(data) if charset == "whatwg" else data.decode(charset)
        return text

    return broken


def lossy(errors: str) -> Callable[[str], str]:
    return lambda text: text.encode().decode("cp1252", errors)


BREAKAGES: dict[str, tuple[Callable[[str], str], float]] = {
    "cp1256 as latin-1": (misread("cp1256", "latin-1"), 1),
    "cp1256 as cp1252": (misread("cp1256", "whatwg"), 1),
    "cp1256 as cp1254": (misread("cp1256", "cp1254"), 1),
    "UTF-8 as latin-1": (misread("utf-8", "latin-1"), 1),
    "UTF-8 as cp1252": (misread("utf-8", "whatwg"), 1),
    "UTF-8 as cp1252, bytes replaced": (lossy("replace"), 0.9),
    "UTF-8 as cp1252, bytes dropped": (lossy("ignore"), 0.9),
    "UTF-8 as cp1252, bytes as ?": (lambda text: lossy("replace")(text).replace("\ufffd", "?"), 0.9),
    "UTF-8 as cp1256": (misread("utf-8", "cp1256"), 1),
    "UTF-8 as Mac Roman": (misread("utf-8", "mac_roman"), 1),
    "ISO-8859-6 as latin-1": (misread("iso8859-6", "latin-1"), 1),
    "ISO-8859-6 as cp1252": (misread("iso8859-6", "whatwg"), 1),
    "ISO-8859-6 as cp1256": (misread("iso8859-6", "cp1256"), 0.9),
    "MacArabic as latin-1": (misread("mac_arabic", "latin-1"), 0.9),
    "UTF-8 as latin-1 twice": (misread("utf-8", "latin-1", "latin-1"), 1),
    "UTF-8 as cp1252 twice": (misread("utf-8", "whatwg", "whatwg"), 1),
    "UTF-8 as cp1256 twice": (misread("utf-8", "cp1256", "cp1256"), 1),
    "UTF-8 as cp1256, then cp1252": (misread("utf-8", "cp1256", "whatwg"), 1),
    "UTF-8 as cp1252, then cp1256": (misread("utf-8", "whatwg", "cp1256"), 1),
    "cp1256 as latin-1, then UTF-8 as latin-1": (misread("cp1256", "latin-1", "latin-1"), 1),
    "cp1256 as latin-1, then UTF-8 as cp1256": (misread("cp1256", "latin-1", "cp1256"), 1),
    "UTF-8 as cp1252, in entities": (
        lambda text: whatwg(text.encode()).encode("ascii", "xmlcharrefreplace").decode(),
        1,
    ),
}
PLACES: dict[str, Callable[[str, str], str]] = {
    "the whole": lambda _, sentence: sentence,
    "a line": lambda clean, sentence: f"{clean}\n{sentence}\n{clean}",
    "a quotation": lambda clean, sentence: f"{clean} «{sentence}» {clean}",
    "the end": lambda clean, sentence: f"{clean}، {sentence}",
    "beside Latin": lambda _, sentence: f"BBC News - {sentence} (Reuters)",
}
CLEAN = "وعقب الاجتماع، شدّد الوزير على أهمية «الحوار» بين جميع الأطراف؛ وقال: لا عودة إلى الوراء…"


def outcomes(place: Callable[[str, str], str], broken: Callable[[str], str]) -> list[tuple[str, str, str]]:
    """Return (broken, repaired, expected) of each sentence that the charset can hold."""
    found = []
    for sentence in (*SENTENCES, *SPOKEN):
        try:
            wrong = broken(sentence)
        except UnicodeError:
            continue
        found.append((place(CLEAN, wrong), repair(place(CLEAN, wrong)), repair(place(CLEAN, sentence))))
    return found


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("breakage", BREAKAGES.values(), ids=BREAKAGES)
def test_the_share_repaired_to_the_letter(
    place: Callable[[str, str], str], breakage: tuple[Callable[[str], str], float]
) -> None:
    broken, least = breakage
    found = outcomes(place, broken)
    assert len(found) >= len(SENTENCES)
    assert sum(repaired == expected for _, repaired, expected in found) >= least * len(found)


def test_the_letters_beside_lost_ones_come_back() -> None:
    """One character in ten lost a byte."""
    chance = random.Random(1)
    for read in ("latin-1", "cp1256"):
        for sentence in SENTENCES:
            letters = [letter.encode().decode(read) for letter in sentence]
            lost = [len(letter) > 1 and chance.random() < 1 / 10 for letter in letters]
            damaged = [
                chance.choice(("\ufffd" + letter[1:], letter[:-1] + "\ufffd")) if gone else letter
                for letter, gone in zip(letters, lost, strict=True)
            ]
            expected = ["\ufffd" if gone else letter for letter, gone in zip(sentence, lost, strict=True)]
            assert repair("".join(damaged)) == repair("".join(expected))


def test_entities_escaped_twice_come_back() -> None:
    for sentence in SENTENCES:
        assert repair(html.escape(html.escape(sentence))) == sentence


LANGUAGES = {
    "Arabic": (
        CLEAN,
        "«أ»، «ب»، «ت»… وما بعدها، ط، ظ، ع، غ",
        "لم ينقطع»، وقال: حفظ؟ شرط، بلغ… دمغ“",
        "زار مقهى Café Noël وشركة Citroën في مدينة Köln",
        "درجة الحرارة 40° مئوية × 2 ÷ 3 ± 1 © ® ™ § ¶ € £",
    ),
    "Persian": (
        "این خبر را که می‌خوانید، دیروز در تهران نوشته شد.",
        "«گفت‌وگو»، چای، ژاله و پنجره؛ آیا می‌آید؟",
        "باران دیشب خیابان‌های شهر را خیس کرد",
        "هوای امروز بسیار سرد بود و همه در خانه ماندند",
    ),
    "Urdu": (
        "یہ خبر آج صبح لاہور سے آئی ہے۔",
        "بچے بڑے شوق سے ٹھنڈا پانی پی رہے ہیں",
        "گاڑی چھوٹ گئی، اگلی کب آئے گی؟",
        "مجھے چائے پسند ہے اور کتاب پڑھنا بھی",
    ),
    "French": (
        "À l’été, où naît l’œuvre créée : « ça, c’est là-bas » – déjà !",
        "ÉLÈVE, FORÊT, «CAFÉ», NOËL… L’ÂGE D’OR",
        "Il a dû gérer l'aîné, la pâte brûlée et le maïs",
    ),
    "Turkish": (
        "Çığ düştü, ığdır yolu kapandı; şöför üşüdü.",
        "ÇIĞ, ŞÖLEN, «HÂLÂ» ve “kâğıt” üzerine",
        "Öğrenciler öğüt aldı, çığırtkan sustu",
    ),
    "Greek": (
        "Ο καιρός θα είναι καλός, είπε η «μετεωρολόγος»…",
        "ΤΟ ΠΛΟΙΟ ΕΦΥΓΕ – “ΑΡΓΑ”",
        "Ήρθε η άνοιξη; Ναι, ήρθε!",
    ),
    "Russian": (
        "Щука плывёт, шёл дождь; «ещё раз», – сказал он…",
        "ЁЛКА, ШЁПОТ, ЩЁТКА “и” ЪЫЬ",
        "Сегодня в городе открыли новый мост",
    ),
    "Icelandic and Portuguese": ("Þýðir það æði? Óðinn á hríð.", "«MANHÃ», IRMÃ… MAÇÃ” e AÇÃO"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_clean_text_of_any_language_is_not_taken_for_broken(language: str) -> None:
    for sentence in LANGUAGES[language]:
        assert repair(sentence) is sentence
