"""Caps on what is parsed: no page may cost more than a hundred ordinary ones.

Three steps around the parser: `legible` before it is text, `bounded` before it is a tree, `whole` after. `flat` is for
a page that it cannot hold.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from ingest.charset import Decoded
from ingest.errors import Rejected

REPLACED: Final = 0.02
"""Maximum share of undecodable places in a text; more is no text."""
ELEMENTS: Final = 40_000
"""Maximum of a page: large news pages have 10,000; extraction takes quadratic time, 20 s for 100,000."""
LONG: Final = 1000
STRIDE: Final = LONG // 2
LONG_TAG: Final = re.compile(rf"<[a-zA-Z][^<>]{{{LONG},}}>?")
ATTRIBUTES: Final = 300
"""Maximum of a tag: libxml2 takes quadratic time (over 8 s for 100,000)."""
QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
BOXES: Final = re.compile(r"</?(?:div|center|table|tbody|tr|td|th|dl|dt|dd|section|blockquote)\b[^<>]*>", re.IGNORECASE)
STYLES: Final = re.compile(r"</?(?:font|span|b|i|u|em|strong|big|small|bdo|tt)\b[^<>]*>", re.IGNORECASE)
"""Elements that old sites leave open by the hundred, each inside the one before."""
PARTS: Final = " \t\n\r\f/\"'"
"""One of them separates two attributes, or ends a quoted one."""
START: Final = re.compile(r"<[a-zA-Z]")
SHORTEST: Final = len("<p>")
BINARY: Final = ("%PDF-", "\x89PNG", "GIF8", "PK\x03\x04", "\xff\xd8\xff", "RIFF", "\x1f\x8b")
"""How binary files begin, each byte as a character."""
NO_CHARSET: Final = frozenset({"utf-7", "utf7", "unicode-1-1-utf-7"})
"""Charsets that turn plain letters into markup; no browser has read them since 2011."""


def legible(decoded: Decoded, body: bytes, declared: Sequence[str]) -> Decoded:
    """Return a decoded page that can be read. Raises Rejected: `not_text`, `charset`."""
    if body[:8].decode("latin-1").startswith(BINARY):
        raise Rejected("not_text", f"begins like a file of another kind: {body[:8]!r}")
    if NO_CHARSET & set(declared):
        raise Rejected("charset", f"declared as {', '.join(declared)}, which is not read")
    if decoded.replaced > REPLACED * len(decoded.text):
        raise Rejected("charset", f"{decoded.replaced} of {len(decoded.text)} characters could not be decoded")
    return decoded


def bounded(text: str) -> str:
    """Return markup fit to be parsed, without the tags of too many attributes. Raises Rejected: `parse_limit`."""
    may = len(text) > SHORTEST * ELEMENTS and text.count("<") > ELEMENTS
    if may and (elements := len(START.findall(text))) > ELEMENTS:
        raise Rejected("parse_limit", f"{elements} elements, {ELEMENTS} at most")
    if not any(map(_is_crowded, _long_tags(text))):
        return text
    return LONG_TAG.sub(lambda tag: "" if _is_crowded(tag[0]) else tag[0], text)


def _long_tags(text: str) -> Iterator[str]:
    """Yield what LONG_TAG finds, in a fifth of its time: a tag so long has neither < nor > in some stride."""
    seen = 0
    for at in range(0, len(text), STRIDE):
        if text.find("<", at, at + STRIDE) >= 0 or text.find(">", at, at + STRIDE) >= 0:
            continue
        opened, seen = text.rfind("<", seen, at), at
        if opened >= 0 and (tag := LONG_TAG.match(text, opened)):
            yield tag[0]


def whole(parser: etree._FeedParser) -> None:
    """Check that a parser has read to the end: lxml returns what it has, and says nothing, where a limit was passed.

    Raises Rejected (`parse_limit`): libxml2 stops at a depth of 256 and at a text or tag of 10 MB.
    """
    if passed := _passed(parser):
        raise Rejected("parse_limit", passed)


def is_too_deep(parser: etree._FeedParser) -> bool:
    """Return whether a parser has stopped because elements lie too deep inside each other."""
    return "depth" in _passed(parser)


def _passed(parser: etree._FeedParser) -> str:
    limits = (entry for entry in parser.error_log if entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT)
    return next((entry.message.strip() for entry in limits), "")


def flat(text: str) -> str:
    """Return markup with paragraphs, which close each other, in place of its boxes, and without styles."""
    return BOXES.sub("<p>", STYLES.sub("", text))


def _is_crowded(tag: str) -> bool:
    if sum(map(tag.count, PARTS)) < ATTRIBUTES:  # spares most tags the slow look: an image's data is one attribute
        return False
    return len(re.split(r"[\s/]+", QUOTED.sub(" ", tag))) > ATTRIBUTES
