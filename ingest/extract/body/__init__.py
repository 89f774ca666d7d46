"""The body of a page: boxes, the one that holds the article, its lines, and whose version is taken."""
