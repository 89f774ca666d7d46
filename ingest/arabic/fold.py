"""The search key of a text: the twin of the analyzer `ar_exact` in deploy/elasticsearch/analysis.json.

RULES are the analyzer's character filters and token filters, `tokens` adds its standard tokenizer. A test on the stack
holds the two equal. Known differences: Thai, Lao, Burmese and Khmer words, and Unicode newer than 12.1.
"""

import re
from collections.abc import Callable
from typing import Final

from ingest.arabic.tables import FOLDED, FULL_LETTERS, JOINING_MARKS, TATWEEL

MAX_TOKEN_LENGTH: Final = 255

_FOLDED: Final = str.maketrans(FOLDED)
_ABBREVIATED_ARTICLE: Final = re.compile(f"{TATWEEL}(?=[A-Za-z0-9٠-٩])")
_JOINED_SENTENCES: Final = re.compile(f"[{re.escape(JOINING_MARKS)}]([{FULL_LETTERS}])")
_THOUSANDS: Final = re.compile(",([0-9]{3})")
_DIGIT: Final = re.compile(r"(?![0-9])\d")
_NORMALIZED: Final = str.maketrans("أإآىة", "اااايه".replace("ااااي", "اااي"), "")
