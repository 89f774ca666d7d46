"""Web pages saved as files: where they came from, if the browser wrote it down."""

import re
from typing import Final

from ingest.errors import Permanent
from ingest.urls import fetchable

HEAD: Final = 4096
"""Bytes in which a browser writes it: before or right after `<html>`."""
SAVED: Final = re.compile(
    rb"<!--\s*saved from url=\(\d{1,5}\)(\S{1,2048}?)\s*-->|<!--\s*Page saved with SingleFile\s+url:\s*(\S{1,2048})",
    re.IGNORECASE,
)
"""The Mark of the Web (Internet Explorer, Chrome, Edge), and SingleFile's comment."""


def saved_from(body: bytes) -> str:
    """Return the http(s) address that a saved page was loaded from, or ''.

    Its rel=canonical is not asked: on some sites it is the home page's on every page, and one file would stand for all.
    """
    found = SAVED.search(body[:HEAD])
    if not found:
        return ""
    try:
        return fetchable((found[1] or found[2]).decode("utf-8", "replace"))
    except Permanent:
        return ""
