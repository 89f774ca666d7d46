"""WARC files (ISO 28500): CC-NEWS, our own page store, other crawlers' archives. A stream in, entries out."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import IO, Final

from fastwarc.warc import HeaderMap, WarcRecord

from ingest.charset import declared_charsets, decode
from ingest.discover.inline import WHOLE
from ingest.discover.parts import absolute
from ingest.errors import Permanent
from ingest.files.warc_body import body_of
from ingest.files.warc_resume import Responses
from ingest.model import TRUNCATED, Entry, Page

PAGES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})
OK: Final = 200
NOWHERE: Final = "http://-/"
"""What an address without a host would be relative to."""
EARLIEST: Final = datetime(1991, 1, 1, tzinfo=UTC)
"""Before the web there was no page."""
SLACK: Final = timedelta(days=1)
"""By which another machine's clock may be ahead."""
LINE: Final = 40
"""Characters of what stands in an answer's place that are shown."""
TAG: Final = re.compile("<[^<>]*>?")


def entries(stream: IO[bytes], now: datetime) -> Iterator[Entry | str]:
    """Yield an entry, with its page, for each web page of a WARC file, plain or gzip'd; a sentence for each fault.

    One page is in memory at a time. Statuses other than 200, robots.txt and what is no text are skipped: they are
    no articles. What is damaged is left out with one sentence, and the file is read on behind it. A truncated page is
    an entry too, if it has more text than a teaser, and says of itself that it is truncated. `page.fetched_at` is the
    WARC-Date if that can be, else `now`.
    """
    number, responses, told = 1, Responses(stream), True
    while True:
        try:
            record = responses.next()
            if record is None:
                break
            found = list(_read(record, now))
            told = bool(found)
            if found:
                responses.check(record)
            yield from (one if isinstance(one, Entry) else f"response {number}: {one}" for one in found)
        except Permanent as error:
            told = True
            yield f"response {number}: {responses.doubt(error)}"
        except (OSError, ValueError, EOFError) as error:  # the reader has lost its place
            known, onward = responses.lost, responses.skip()
            if not known:
                yield f"response {number}{'' if onward else ' and what follows it'}: {error}"
            if not onward:
                return
            number -= known
        number += 1
    if number == 1:
        yield "no response record: is it a WARC file?"
    elif responses.ends_within(told=told):
        yield "the file ends within its last record"


def _read(record: WarcRecord, now: datetime) -> Iterator[Entry | Permanent]:
    """Yield the page of a response record, if it is one, and what is wrong with it.

    Raises Permanent: `no_url`, `no_http`, `too_large`, `cut_off`, `wrong_length`.
    """
    if not (named := (record.headers.get("WARC-Target-URI") or "").strip("<> ")):
        raise Permanent("no_url", "it does not say whose answer it is")
    url = absolute(named, NOWHERE)
    if not url or url.startswith(NOWHERE) or url.endswith("/robots.txt"):
        return
    head = _head(record, url)
    if head.status_code != OK:
        return
    headers = tuple((str(name), str(value)) for name, value in head.astuples())
    page = Page(url, OK, headers, b"", _captured(record, now))
    if page.header("content-type").partition(";")[0].strip().lower() not in PAGES:
        return
    body = body_of(record, page)
    page = replace(page, body=body.data)
    if body.cut:
        yield Permanent("cut_off", f"{url} was truncated when it was archived ({body.cut})")
        page = replace(page, headers=(*headers, (TRUNCATED, body.cut)))
    if body.data.strip() and not (body.cut and _is_scrap(page)):
        yield Entry(url, page=page)


def _head(record: WarcRecord, url: str) -> HeaderMap:
    """Return the head of an answer, whose lines may end without a carriage return. Raises Permanent: `no_http`."""
    try:
        record.parse_http(quirks_mode=True)
    except OSError as error:
        raise Permanent("no_http", f"{url}: {error}") from error
    head: HeaderMap | None = record.http_headers
    if head is None or (head.status_code or 0) < OK:
        line = (head.status_line or "")[:LINE] if head is not None else ""
        raise Permanent("no_http", f"{url} was archived without an answer of its server, but with {line!r}")
    return head


def _captured(record: WarcRecord, now: datetime) -> datetime:
    """Return when a page was captured; `now` where that is not said, or not possible.

    What a page says of its own time is compared with this: a date of the year 9999 cannot be reckoned with.
    """
    at = record.record_date
    return at.astimezone(UTC) if at and EARLIEST <= at <= now + SLACK else now


def _is_scrap(page: Page) -> bool:
    """Return whether so little is left of a truncated page that nobody would call it an article."""
    text = decode(page.body, declared_charsets(page.header("content-type"), page.body)).text
    return len(" ".join(TAG.sub(" ", text).split())) < WHOLE
