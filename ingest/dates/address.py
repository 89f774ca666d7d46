"""The day that a URL's path names."""

import re
from typing import Final

import ada_url

URL_DAY: Final = re.compile(
    r"/(?P<y>20\d\d)(?P<s>[/-])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>0?[1-9]|[12]\d|3[01])(?=[/_-]|$)"
    r"|/(?P<y2>20\d\d)(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?=[/_-]|$)"
    r"|/(?P<y3>20\d\d)/(?P<m3>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})/(?P<d3>[0-3]?\d)/"
    r"|/(?P<y4>20\d\d)/[a-z_-]+/(?P<m4>1?\d)/(?P<d4>[123]?\d)/",
    re.IGNORECASE,
)
"""/2026/11/23/, /20261123/, /2026/november/23/, and CNN's /2026/middle_east/11/23/."""


def date_in(url: str) -> str:
    """Return the day as 2026-11-23 or 2026-november-23, '' where the path names none."""
    try:
        match = URL_DAY.search(ada_url.URL(url).pathname + "/")
    except ValueError:
        return ""
    return "-".join(part for part in match.groups() if part and part.isalnum()) if match else ""
