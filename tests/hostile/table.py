"""All cases of the hostile server."""

from typing import Final

from tests.hostile.case import Case
from tests.hostile.cases_bytes import COMPRESSION, ENCODING
from tests.hostile.cases_content import DATES, HTML, TEXTS, XML
from tests.hostile.cases_framing import FRAMING
from tests.hostile.cases_urls import ADDRESSES, NAMES, URLS

CASES: Final[tuple[Case, ...]] = (*URLS, *NAMES, *FRAMING, *ENCODING, *COMPRESSION, *XML, *HTML, *DATES, *TEXTS)
INSIDE: Final[tuple[Case, ...]] = tuple(ADDRESSES)
"""What is asked for without permission for loopback."""
