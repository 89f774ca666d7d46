"""A list of subscriptions without an end."""

from ingest.files.opml import MOST, read_opml


def test_a_flood_of_outlines_is_cut_off() -> None:
    outlines = "".join(f'<outline xmlUrl="https://{number}.example/"/>' for number in range(MOST + 5))
    found, problems = read_opml(f"<opml><body>{outlines}</body></opml>".encode())
    assert (len(found), problems) == (MOST, (f"only the first {MOST} were read",))
    assert read_opml(b"<opml><body>" + b"<outline>" * 100_000)[0] == []
