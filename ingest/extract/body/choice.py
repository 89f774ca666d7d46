"""Which body a page gets: the site rule's, our own, on doubt another extractor's, as rescue the JSON-LD's.

Every figure is from our measurements (181 pages of scrapinghub's benchmark, 791 of WCXB's development set).
"""

import re
from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from html import unescape
from itertools import accumulate
from typing import Any, Final

from lxml import etree
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text

from ingest.extract.body.body import Body, read_body
from ingest.extract.body.clutter import is_clutter
from ingest.extract.gate import OPENING, PARTICLE, title_overlap
from ingest.extract.jsonld import strings
from ingest.extract.limits import START
from ingest.extract.repeated import unseen
from ingest.extract.rules import SiteRules, by_rule
from ingest.extract.shown import line
from ingest.quality import Quality

SURE: Final = 0.95
"""From this share of the page's prose in the article's box, and this size (characters), no other extractor is asked."""
SURE_SIZE: Final = 1500
"""The size if the box is marked as an article's. So others are asked on 18 of 100 pages, among them all 10 where they
have the better body."""
PIECE: Final = 0.5
"""Share of the prose under the headline from which a body is the whole article; advertisements part some into boxes."""
AGREED: Final = 0.6
"""Share of our characters that the witness must have."""
COVERED: Final = 0.3
"""Share of the witness's characters that we must have; it keeps much clutter."""
SHORT: Final = 250
"""A shorter body (characters) is in doubt."""
BETTER: Final = 0.1
"""Minimum lead of the other extractor's agreement with the witness over ours."""
RESCUE: Final = 300
"""Characters of a JSON-LD articleBody that may stand in; shorter ones are teasers (8 of 43 are cut)."""
HEAD: Final = 60
"""Characters of a line that are looked for in the witness's text."""
PAGE: Final = 1_000_000
"""Maximum characters of a page for other extractors: some hostile pages cost them quadratic time."""
TOO_DEEP: Final = etree.XPath(f"boolean({'/*' * 150})")
"""Likewise for elements nested 150 deep; news pages reach 40."""
LONG_TAG: Final = re.compile(r"<[a-zA-Z][^<>]{20000}")
"""Likewise for tags with many attributes, which our own parser never sees."""
ELEMENTS: Final = 8_000
"""Likewise for many elements (30,000 options left open take the witness 4 s); few news pages have more."""
ENDS: Final = 2 * ELEMENTS
"""Likewise for ends of elements that never began: for each the witness's parser looks through all that are open."""
NESTED: Final = 500
"""Likewise for boxes inside each other in the markup, whose tree was made without them: the witness's parser knows no
depth that is too much, and 7,900 take it 1.5 s."""
BOX: Final = re.compile(r"<(/?)(?:div|article)\b", re.IGNORECASE)
TOKEN: Final = re.compile(r"\w+")
LINE_BREAK: Final = re.compile("[\r\n]+")
"""Not all of str.splitlines: U+0085 is half a letter in text that is encoded twice."""
BORDER: Final = re.compile(r"<(?:/p|/h[1-6]|/li|/div|br ?/?)>", re.IGNORECASE)
ESCAPED: Final = re.compile(r"&lt;(?:p|br)\b", re.IGNORECASE)
TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Choice:
    """A body, and what is known of it."""

    text: str
    quality: Quality


def choose_body(  # noqa: PLR0917  # the page, and all that is known of it
    tree: HtmlElement,
    markup: str,
    described: Mapping[str, Any],
    rules: SiteRules,
    seen: frozenset[int],
    headline: str = "",
) -> Choice:
    """Return the body of a page: `markup` is its text, `tree` that text parsed, `described` its JSON-LD node.

    `headline` is the one above it, which is no part of the body.
    """
    if ruled := by_rule(tree, rules):
        return Choice("\n".join(unseen(ruled, seen)), Quality("rule"))
    ours = read_body(tree, seen, headline)
    choice = _own(ours)
    if _is_doubtful(ours, headline) and _bears_others(markup, tree):
        choice = _examined(ours, tree, markup, seen, headline)
    declared = first_line(strings(described.get("articleBody")))
    if len(choice.text) < RESCUE <= len(declared) or (not choice.text and declared):
        return Choice(declared, Quality("json-ld"))
    return choice


def _is_doubtful(ours: Body, headline: str) -> bool:
    """Return whether a body may be the wrong one, or a piece; the headline's own, beside other stories, is neither."""
    if ours.own:
        return False
    if ours.share < SURE or ours.section < PIECE or len(ours.text) < (SHORT if ours.marked else SURE_SIZE):
        return True
    opening = ours.text[:OPENING]
    wanted = {word for word in headline.split() if len(word) > PARTICLE}
    return bool(wanted) and wanted.isdisjoint(opening.split()) and title_overlap(headline, opening) == 0


def _bears_others(markup: str, tree: HtmlElement) -> bool:
    """Return whether a page is one that other extractors can read in reasonable time."""
    if len(markup) > PAGE or LONG_TAG.search(markup) or TOO_DEEP(tree.getroottree()):
        return False
    if markup.count("<") > ELEMENTS and len(START.findall(markup)) > ELEMENTS:
        return False
    if markup.count("</") > ENDS:
        return False
    steps = (-1 if end else 1 for end in BOX.findall(markup))
    return max(accumulate(steps, lambda depth, step: max(depth + step, 0)), default=0) <= NESTED


def first_line(texts: list[str]) -> str:
    """Return the first non-empty text, one paragraph a line."""
    paragraphs = ["\n".join(filter(None, map(line, LINE_BREAK.split(_plain(text))))) for text in texts]
    return next(filter(None, paragraphs), "")


def _plain(text: str) -> str:
    """Return a text without its markup, if it has paragraphs of it: many a declared body is HTML, once escaped."""
    text = unescape(text) if ESCAPED.search(text) else text
    return unescape(TAG.sub("", BORDER.sub("\n", text))) if BORDER.search(text) else text


def _examined(ours: Body, tree: HtmlElement, markup: str, seen: frozenset[int], headline: str) -> Choice:
    """Return our body, or trafilatura's where a witness doubts ours and believes the other."""
    witness = " ".join(extract_plain_text(markup, main_content=True, alt_texts=False, list_bullets=False).split())
    agreed, covered = _agreement(ours.lines, witness)
    whole = ours.marked and ours.share >= SURE
    if agreed >= AGREED and (whole or (covered >= COVERED and len(ours.text) >= SHORT)):
        return _own(ours, agreed)
    import trafilatura  # noqa: PLC0415  # 23 MB in each worker, and only pages in doubt need it

    text = trafilatura.extract(deepcopy(tree), include_comments=False, fast=True) or ""
    text = text.removeprefix(headline).lstrip() if headline else text
    kept = [said for raw in text.split("\n") if (said := line(raw)) and not is_clutter(said)]
    theirs = unseen(kept, seen)
    if _likeness(theirs, ours.lines, witness) > _likeness(ours.lines, theirs, witness) + BETTER:
        return Choice("\n".join(theirs), Quality("trafilatura", agreement=round(_agreement(theirs, witness)[0], 3)))
    return _own(ours, agreed)


def _own(ours: Body, agreed: float | None = None) -> Choice:
    agreement = None if agreed is None else round(agreed, 3)
    return Choice(
        ours.text, Quality("own", links=round(ours.links, 3), prose=round(ours.share, 3), agreement=agreement)
    )


def _agreement(lines: tuple[str, ...], witness: str) -> tuple[float, float]:
    """Return the shares of our characters and of the witness's that both have, by the heads of our lines."""
    size = sum(map(len, lines))
    found = sum(len(said) for said in lines if said[:HEAD] in witness)
    return (found / size if size else 0.0, found / len(witness) if witness else 0.0)


def _likeness(lines: tuple[str, ...], other: tuple[str, ...], witness: str) -> float:
    """Return how much a text has in common with the two others, 0 to 2."""
    shingles = _shingles(" ".join(lines))
    return _dice(shingles, _shingles(" ".join(other))) + _dice(shingles, _shingles(witness))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = TOKEN.findall(text)
    return Counter(zip(words, words[1:], words[2:], words[3:], strict=False))


def _dice(one: Counter[tuple[str, ...]], other: Counter[tuple[str, ...]]) -> float:
    size = one.total() + other.total()
    return 2 * (one & other).total() / size if size else 0.0
