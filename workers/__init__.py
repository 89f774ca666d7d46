"""The edge of warraq: Celery tasks, and the clients of Redis, Elasticsearch, the web and the page store.

May import `ingest`; `ingest` never imports this.
"""
