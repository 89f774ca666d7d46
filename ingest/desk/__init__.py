"""The desk's decisions: what a page's address asks for, what Elasticsearch is asked, how times and numbers read.

`workers/desk` is the edge: it serves the pages.
"""
