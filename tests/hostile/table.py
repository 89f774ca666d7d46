"""All cases of the hostile server."""

from typing import Final

from tests.hostile.case import Case
from tests.hostile.cases_bytes import COMPRESSION, ENCODING
from tests.hostile.cases_content import DATES, HTML, MAPS, TEXTS, XML
from tests.hostile.cases_framing import FRAMING
from tests.hostile.cases_sources import SOURCES
from tests.hostile.cases_urls import ADDRESSES, NAMES, URLS

PARTS: Final = (URLS, NAMES, FRAMING, ENCODING, COMPRESSION, XML, MAPS, HTML, DATES, TEXTS, SOURCES)
CASES: Final[tuple[Case, ...]] = tuple(case for part in PARTS for case in part)
INSIDE: Final[tuple[Case, ...]] = tuple(ADDRESSES)
"""What is asked for without permission for loopback."""
