"""The body of a page."""
from lxml.html import HtmlElement
from ingest.extract.body_blocks import Layout, read_layout
from ingest.extract.body_container import find_article
from ingest.extract.body_lines import lines_of

def body_of(tree: HtmlElement) -> str:
    """Return the paragraphs of a page's article, one a line, '' where there are none. The tree stays as it is."""
    return text_of(read_layout(tree))

def text_of(layout: Layout) -> str:
    return "\n".join(lines_of(find_article(layout)))
