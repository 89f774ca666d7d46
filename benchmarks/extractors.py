"""The extractors that benchmarks/extraction.py compares: bytes of a page -> text of its article."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

Extractor = Callable[[bytes], str]


def ours() -> Extractor:
    """Return our body extractor with its gate: parse, choose, witness, consensus."""
    from ingest.extract import parse  # noqa: PLC0415  # each tool is loaded in its own process only
    from ingest.extract.body.choice import choose_body  # noqa: PLC0415
    from ingest.extract.gate import wall_of  # noqa: PLC0415

    def extract(page: bytes) -> str:
        markup = page.decode("utf-8", "replace")
        tree = parse(markup, len(page))
        text = choose_body(tree, markup, {}, (), frozenset()).text
        wall_of(tree, {}, text)
        return text

    return extract


def ours_whole() -> Extractor:
    """Return the way from bytes to an article: charset, metadata, body, dates, gate."""
    from ingest.extract import extract as article_of  # noqa: PLC0415
    from ingest.model import Entry, Page, Source  # noqa: PLC0415

    source, entry = Source("b", "article", "https://news.example/"), Entry("https://news.example/a")
    headers, now = (("Content-Type", "text/html"),), datetime(2026, 11, 25, tzinfo=UTC)
    return lambda page: article_of(source, entry, Page(entry.url, 200, headers, page, now)).body


def trafilatura() -> Extractor:
    """Return trafilatura with its defaults, less the comments."""
    from trafilatura import extract  # noqa: PLC0415

    return lambda page: extract(page, include_comments=False) or ""


def trafilatura_fast() -> Extractor:
    """Return trafilatura without its fallbacks."""
    from trafilatura import extract  # noqa: PLC0415

    return lambda page: extract(page, include_comments=False, fast=True) or ""


def newspaper() -> Extractor:
    """Return newspaper4k, kept from fetching the page's images."""
    from newspaper import Article, Config  # noqa: PLC0415

    config = Config()
    config.fetch_images = False

    def extract(page: bytes) -> str:
        article = Article("https://news.example/a", config=config)
        article.download(input_html=page.decode("utf-8", "replace"))
        article.parse()
        return str(article.text)

    return extract


def readability() -> Extractor:
    """Return readability-lxml."""
    from lxml import html  # noqa: PLC0415
    from readability import Document  # noqa: PLC0415

    def extract(page: bytes) -> str:
        summary = Document(page.decode("utf-8", "replace")).summary()
        return " ".join(map(str, html.fromstring(summary).itertext()))

    return extract


def goose() -> Extractor:
    """Return goose3, kept from fetching."""
    from goose3 import Goose  # noqa: PLC0415

    reader = Goose({"enable_image_fetching": False})
    return lambda page: str(reader.extract(raw_html=page.decode("utf-8", "replace")).cleaned_text or "")


def resiliparse() -> Extractor:
    """Return resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    return lambda page: str(extract_plain_text(page.decode("utf-8", "replace"), main_content=True, alt_texts=False))


TOOLS: Final[dict[str, Callable[[], Extractor]]] = {
    "warraq": ours,
    "warraq, whole article": ours_whole,
    "trafilatura": trafilatura,
    "trafilatura, fast": trafilatura_fast,
    "newspaper4k": newspaper,
    "readability-lxml": readability,
    "goose3": goose,
    "resiliparse": resiliparse,
}
