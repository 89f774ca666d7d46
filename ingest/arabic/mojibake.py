"""Undo text that was decoded with the wrong charset, by encoding it back.

Two kinds, distinguished by what cannot occur in clean text: UTF-8 read one byte at a time (ingest/arabic/utf8.py), and
one byte for one letter (ingest/arabic/legacy.py). Only what is broken changes, so a clean quotation beside it stays.
"""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from ingest.arabic.charsets import ACCENTED, BYTE_OF_ARABIC, BYTE_OF_LATIN, CP1252, TAIL
from ingest.arabic.legacy import FRENCH, LEGACY, LEGACY_PROOF, MIXED, MIXED_PROOF
from ingest.arabic.rules import Rule, named, replacements, step
from ingest.arabic.utf8 import ARABIC, LATIN, MAC

COMMON_PUNCTUATION: Final = frozenset("\u00a0\u00ad«»،؛؟‘’“”–—•·°×÷…")
"""Tails that clean Arabic text has too; no mojibake consists of these alone."""
_TAILS: Final = frozenset(
    char for byte_of in (BYTE_OF_LATIN, BYTE_OF_ARABIC) for char, byte in byte_of.items() if byte in TAIL
)
TROUBLE: Final = frozenset(ACCENTED) | _TAILS - COMMON_PUNCTUATION
"""At least one of these is in every text that needs this step."""

KINDS: Final = (
    # the rules | one of these characters is there | and this
    (MAC.rules(), frozenset("ÿŸ"), MAC.proof),
    ((LEGACY,), frozenset(ACCENTED), LEGACY_PROOF),
    ((MIXED,), frozenset(FRENCH), MIXED_PROOF),
    (ARABIC.rules(), TROUBLE, ARABIC.proof),
    (LATIN.rules(), frozenset("ÂÃâØÙÚÛ"), LATIN.proof),
)


@step(signs=re.escape("".join(sorted(TROUBLE))))
def mojibake(text: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Decode text again with the charset it was written in, one level at a time.

    Must be the first step: any other change to the broken characters would lose bytes.
    """
    if suspects.isdisjoint(TROUBLE):
        return ()
    found = [rules for rules, signs, proof in KINDS if not suspects.isdisjoint(signs) and proof.search(text)]
    return tuple(rule for rules in found for rule in rules)


LONE_LEAD: Final = Rule(re.compile("(?<=[ء-ي.،؛؟:»] )Â(?= ?[ء-ي«])|(?<=[ء-ي.،؛؟:»])Â(?= ?[ء-ي«])"), "")
"""What remains of a no-break space (C2 A0) whose second byte was taken for a space."""
C1_CONTROLS: Final = replacements({chr(byte): char for byte, char in CP1252.items()})


@step(signs="".join(("Â", *C1_CONTROLS)))
def remains(_: str, suspects: AbstractSet[str]) -> tuple[Rule, ...]:
    """Read as cp1252 the controls (C1) that no broken run explains, and drop a lead byte left alone."""
    lead = (LONE_LEAD,) if "Â" in suspects else ()
    return *lead, *named(C1_CONTROLS, suspects)
