"""One bad input: what is asked for, what comes back over the wire, and how it must end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from socket import socket
from typing import Any

Conversation = Callable[[socket], None]
"""What the server does with a connection once the request's head has come."""


@dataclass(frozen=True)
class Case:
    """`number` as in README.md; several cases may share one."""

    number: int
    name: str
    outcome: str
    """`accepted`, or the class and the reason: `permanent url_scheme`."""
    answer: bytes | Conversation = b""
    url: str = ""
    """`{site}` stands for the server; empty: the case's own path on it."""
    kind: str = "article"
    """What is done with the page: `fetch` nothing, `feed` or `sitemap` read as a listing, `article` processed."""
    pinned: tuple[str, ...] = ()
    """Names and their addresses, `{port}` standing for the server's port."""
    headers: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    """Where the worker's own deadlines are too close to each other for a machine that is busy with other things."""
    says: Mapping[str, Any] = field(default_factory=dict)
    """What else the worker's report must say."""

    @property
    def path(self) -> str:
        """Return where the server answers this case."""
        return f"/{self.number}/{self.name.replace(' ', '-')}"

    def __str__(self) -> str:
        """Return the test's id."""
        return f"{self.number}-{self.name.replace(' ', '-')}"


def http(body: bytes = b"", *headers: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    """Return a response with a right Content-Length; `headers` come after Content-Type."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


SENTENCE = "قالت وزارة الزراعة إن موسم الزيتون هذا العام أفضل من سابقه، وإن المعاصر ستفتح أبوابها في الأسبوع المقبل. "
TITLE = "موسم الزيتون يبدأ هذا الأسبوع"


def article(inner: str = "", *, title: str = TITLE, head: str = "") -> str:
    """Return a page that the gate lets in, with something more in its article."""
    text = f"<p>{SENTENCE * 5}</p>"
    head = f"<title>{title}</title>{head}"
    return f"<!doctype html><html lang=ar><head>{head}</head><body><article><h1>{title}</h1>{text}{inner}</article>"


def feed(*items: str, head: str = "") -> bytes:
    """Return an RSS feed of items."""
    channel = "".join(items)
    declaration = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{declaration}{head}<rss version="2.0"><channel><title>س</title>{channel}</channel></rss>'.encode()


def item(number: int = 1, title: str = TITLE, more: str = "") -> str:
    """Return one item of a feed."""
    return f"<item><title>{title}</title><link>http://example.org/{number}</link>{more}</item>"
