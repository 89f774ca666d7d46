"""feedparser without its guesses: values are kept as written, and texts are cut off early.

Its tables of namespaces and its patience with broken XML are worth having. Its readings of single values are not: dates
out of range become other dates, the last alternate link hides the first, a caption becomes the content, and a regular
expression takes time with the square of an author's length (kurtmckee/feedparser#562).
"""

import io
import xml.sax
from typing import Any, Final

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.util import FeedParserDict

from ingest.discover.parts import LONGEST_FIELD, LONGEST_TEXT, absolute

REGISTERED: Final = "http://www.iana.org/assignments/relation/"
"""Long form of a relation's name (RFC 4287, 4.2.7.2)."""
TEXTS: Final = frozenset({"content", "description", "summary"})
"""Elements that may hold a whole article; every other value is cut off much earlier."""


class _AsSaid:
    """Replaces the handlers that guess. feedparser calls them by name, with the arguments of its own."""

    resolve_relative_uris = False
    sanitize_html = False
    can_be_relative_uri = StrictFeedParser.can_be_relative_uri - {"id"}

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:  # noqa: ANN401  # feedparser's
        """End an element, and cut off its text before anything reads it."""
        stack: list[tuple[str, int, list[str]]] = self.elementstack  # type: ignore[attr-defined]
        if stack and stack[-1][0] == element and (pieces := stack[-1][2]):
            most = LONGEST_TEXT if element in TEXTS else LONGEST_FIELD
            if sum(map(len, pieces)) > most:
                pieces[:] = ["".join(pieces)[:most]]
        return super().pop(element, strip_whitespace)  # type: ignore[misc]

    def resolve_uri(self, uri: str) -> str:
        """Return an address made absolute as browsers do it."""
        return absolute(uri, self.baseuri)  # type: ignore[attr-defined]

    def _sync_author_detail(self, key: str = "author") -> None:
        """Join the parts that Atom gives; plain text is not searched for an address."""
        context = self._get_context()  # type: ignore[attr-defined]
        detail = context.get(f"{key}s", [{}])[-1]
        name, email = detail.get("name"), detail.get("email")
        if name or email:
            context[key] = f"{name} ({email})" if name and email else name or email
        else:
            detail["name"] = context.get(key) or ""

    def _start_item(self, attributes: dict[str, str]) -> None:
        super()._start_item(attributes)  # type: ignore[misc]
        self._get_context()["rss"] = True  # type: ignore[attr-defined]
        if about := attributes.get("rdf:about"):
            self._save("permalink", about)  # type: ignore[attr-defined]

    def _start_link(self, attributes: dict[str, str]) -> None:
        plain = not attributes.keys() & {"href", "url", "uri"}
        attributes["rel"] = (attributes.get("rel") or "alternate").strip().lower().removeprefix(REGISTERED)
        super()._start_link(attributes)  # type: ignore[misc]
        if plain and (links := self._get_context().get("links")):  # type: ignore[attr-defined]
            links[-1]["plain"] = True

    def _start_guid(self, attributes: dict[str, str]) -> None:
        super()._start_guid(attributes)  # type: ignore[misc]
        self.guidislink = attributes.get("ispermalink", "true").strip().lower() != "false"

    def _end_guid(self) -> None:
        value = self.pop("id")
        if self.guidislink:
            self._save("permalink", value)  # type: ignore[attr-defined]

    _start_id, _end_id = _start_guid, _end_guid

    def _start_media_description(self, _attributes: dict[str, str]) -> None:
        self.push("media_description", 1)  # type: ignore[attr-defined]

    def _end_media_description(self) -> None:
        self.pop("media_description")

    def _start_itunes_summary(self, _attributes: dict[str, str]) -> None:
        self.push("itunes_summary", 1)  # type: ignore[attr-defined]

    def _end_itunes_summary(self) -> None:
        self.pop("itunes_summary")

    def _end_published(self) -> None:
        self.pop("published")

    def _end_updated(self) -> None:
        self.pop("updated")

    def _end_created(self) -> None:
        self.pop("created")

    def _end_expirationdate(self) -> None:
        self.pop("expired")

    def _end_dcterms_valid(self) -> None:
        self.pop("validity")

    _end_issued = _end_pubdate = _end_published
    _end_modified = _end_lastbuilddate = _end_updated


class _Strict(_AsSaid, StrictFeedParser):  # type: ignore[misc]  # feedparser has no types
    pass


class _Loose(_AsSaid, LooseFeedParser):  # type: ignore[misc]
    pass


def feedparsed(text: str, base: str) -> FeedParserDict:
    """Return what feedparser makes of a feed's text: by expat, and where that fails by its own loose reader."""
    reader, fault = _Strict(base, None, "utf-8"), None
    try:
        _expat(reader).parse(io.BytesIO(text.encode("utf-8", "replace")))
    except xml.sax.SAXException as error:
        fault = reader.exc or error
        reader = _Loose(base, None, "utf-8", {})
        reader.feed(text)
    return FeedParserDict(
        feed=reader.feeddata, entries=reader.entries, version=reader.version, bozo=bool(fault), bozo_exception=fault
    )


def _expat(handler: _Strict) -> Any:  # noqa: ANN401  # typeshed knows less of it than there is
    expat = xml.sax.make_parser()  # noqa: S317  # declared entities are refused before, external ones are not looked for
    expat.setFeature(xml.sax.handler.feature_namespaces, 1)
    expat.setFeature(xml.sax.handler.feature_external_ges, 0)
    expat.setContentHandler(handler)
    expat.setErrorHandler(handler)
    return expat
