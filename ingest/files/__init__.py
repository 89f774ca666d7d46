"""Files that hold articles or sources: WARC, saved pages, OPML."""
