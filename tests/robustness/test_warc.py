"""A large WARC file: read record by record."""

import gzip
import io
import tracemalloc

from ingest.files.warc import entries
from tests.unit.ingest.files.test_warc import HTML, NOW, record


def test_a_file_is_never_whole_in_memory() -> None:
    many = gzip.compress(record(1, HTML + b"x" * 2**20), compresslevel=1) * 300
    tracemalloc.start()
    count = sum(1 for _ in entries(io.BytesIO(many), NOW))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 300
    assert peak < 20 * 2**20  # of 300 MB
