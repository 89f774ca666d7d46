"""The body of a page, by trafilatura, without the lines that lead elsewhere."""

import re
from copy import deepcopy
from typing import Final

import trafilatura
from lxml.html import Element, HtmlElement

from ingest.dates import parse_date
from ingest.extract.shown import line

LEAD_IN: Final = re.compile(
    r"^\W*(?:"
    r"(?:[اأإ]قرأ(?:وا)?|[اأ]قرؤوا|شاهد(?:وا)?|طالع(?:وا)?|و?تابع(?:وا)?)\s?(?:[اأ]يض[اًا]{1,2}|المزيد)"
    r"|(?:مواضيع|[اأ]خبار|مقالات)\s(?:ذات صلة|متعلقة|مشابهة)|(?:قد|ربما)\s(?:يهمك|يعجبك|تهمك)"
    r"|(?:تابعونا|تابعنا|انضم إلينا|اشترك)\s|شاركها?\s(?:على|عبر|الخبر|المقال)"
    r"|إعلان\W*$|جميع الحقوق محفوظة|حقوق النشر)"
)
"""Lines that lead to another article or to the site's channels; measured to leak from every extractor."""
LEAD_IN_WORDS: Final = 25
"""A longer line that begins so is a paragraph."""
DATE_LINE: Final = re.compile(
    r"\W*(?:تم النشر|نُ?شر|تاريخ|[آا]خر تحديث|\d"
    r"|(?:يوم )?(?:ال[إا]ثنين|الثلاثاء|ال[أا]ربعاء|الخميس|الجمعة|السبت|ال[أا]حد))"
    r"[^.!؟]*"
)
DATE_WORDS: Final = 12
"""A longer first line that begins like a date is a sentence."""
LAYOUT: Final = 1 / 3
"""Share of a page's text; a table that holds more is no table."""
PROSE: Final = 200
"""Characters; a box with less is a menu or an address, whose lines are no paragraphs."""
BOXES: Final = frozenset({"div", "td", "section", "article", "main", "body", "form"})
INLINE: Final = frozenset({"a", "b", "strong", "em", "i", "u", "span", "font", "sup", "sub", "small", "bdi", "bdo"})


def body_of(tree: HtmlElement) -> str:
    """Return the paragraphs of a page's article, one a line, '' where there are none. The tree stays as it is."""
    page = deepcopy(tree)
    _open_layout_tables(page)
    _wrap_broken_lines(page)
    text = trafilatura.extract(page, favor_precision=True, include_comments=False) or ""
    headlines = {line(h1.text_content()) for h1 in tree.iter("h1")}
    lines = [kept for raw in text.splitlines() if (kept := line(raw)) and kept not in headlines]
    return "\n".join(kept for kept in lines[_is_date(lines) :] if not _leads_elsewhere(kept))


def _is_date(lines: list[str]) -> bool:
    """Tell whether the first line is the page's date, which stands close above the text."""
    first = lines[0] if lines else ""
    return bool(DATE_LINE.fullmatch(first) and len(first.split()) <= DATE_WORDS and parse_date(first))


def _leads_elsewhere(text: str) -> bool:
    return bool(LEAD_IN.match(text)) and len(text.split()) <= LEAD_IN_WORDS


def _open_layout_tables(page: HtmlElement) -> None:
    """Make boxes of the tables that older sites lay their pages out with; trafilatura would print their grid."""
    size = len(page.text_content())
    for table in page.xpath("//table"):
        if len(table.text_content()) > LAYOUT * size or table.find(".//h1") is not None:
            for cell in list(table.iter("table", "tbody", "tr", "td", "th")):
                cell.tag = "div"


def _wrap_broken_lines(page: HtmlElement) -> None:
    """Make paragraphs of the lines of a box that are parted by <br>; in some trees trafilatura runs them together."""
    boxes = dict.fromkeys(br.getparent() for br in page.iter("br"))
    for box in boxes:
        if box.tag in BOXES and len(box.text_content()) >= PROSE:
            _wrap_lines(box)


def _wrap_lines(box: HtmlElement) -> None:
    paragraph, box.text = _paragraph(box.text), None
    children = list(box)
    box.insert(0, paragraph)
    for child in children:
        if child.tag in INLINE:
            paragraph.append(child)
            continue
        paragraph, child.tail = _paragraph(child.tail), None
        child.addnext(paragraph)
        if child.tag == "br":
            box.remove(child)


def _paragraph(text: str | None) -> HtmlElement:
    paragraph = Element("p")
    paragraph.text = text
    return paragraph
