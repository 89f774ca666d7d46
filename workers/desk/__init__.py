"""The desk: the page where people read, search and follow. Served by Starlette, in Arabic first.

A page has a module with its ROUTES and a template; what all share:

- `app.py`: the application of a Desk, its routes and what is said when something fails
- `door.py`, `session.py`: who is in; forms that change something (nothing is open unless it says so)
- `page.py`: a template filled in: language, digits, theme, the words of `strings.toml`
- `library.py`: what is read from Elasticsearch, by a key that can only read
- `wall.py`: headers of every answer, sizes of every request; `assets.py`: static files, packed once
"""
