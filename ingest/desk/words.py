"""The words of a search as people type them: «"…"» side by side as written, «-» without, the rest as usual."""

import re
from dataclasses import dataclass
from typing import Final

from ingest.errors import Permanent

LONGEST: Final = 400
MOST_WORDS: Final = 40
"""More words than anybody types; each is looked up in several fields."""
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+")
"""Controls, among them those that turn the direction of what follows."""
_JOINERS: Final = re.compile("([\u200c\u200d])[\u200c\u200d]+")
_QUOTES: Final = str.maketrans("«»“”„‟＂", '"' * 7)
_PART: Final = re.compile(r'(?P<minus>(?<!\S)[-−–])?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Words:
    """A search's words by what is asked of them."""

    plain: str = ""
    phrases: tuple[str, ...] = ()
    """Each must occur as written."""
    without: tuple[str, ...] = ()
    """None of these may occur."""

    @property
    def empty(self) -> bool:
        """Whether nothing at all is asked for."""
        return not (self.plain or self.phrases or self.without)


def cleaned(text: str) -> str:
    """Return a search's text without what nobody sees. Raises Permanent (`query_too_long`)."""
    shown = " ".join(_JOINERS.sub(r"\1", _UNSEEN.sub(" ", text[: 4 * LONGEST])).split())
    if len(text) > 4 * LONGEST or len(shown) > LONGEST or shown.count(" ") >= MOST_WORDS:
        raise Permanent("query_too_long", f"{LONGEST} letters and {MOST_WORDS} words are the most")
    return shown


def words(text: str) -> Words:
    """Return the words of a cleaned text; a quotation mark without its other half is no operator."""
    marked = text.translate(_QUOTES)
    if marked.count('"') % 2:
        head, _, tail = marked.rpartition('"')
        marked = f"{head} {tail}"
    found = [(one["minus"], one["phrase"], one["word"]) for one in _PART.finditer(marked)]
    return Words(
        plain=" ".join(word for minus, _, word in found if word and not minus),
        phrases=tuple(phrase.strip() for minus, phrase, _ in found if phrase and phrase.strip() and not minus),
        without=tuple(one for minus, phrase, word in found if minus and (one := (phrase or word or "").strip())),
    )
