"""Indices of the tests' own: with the mappings and settings that the table of indices has for their kind."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import Elasticsearch

from workers.store.indices import INDICES

KINDS = {kind.name: kind for kind in INDICES}


@contextmanager
def indices(client: Elasticsearch, *kinds: str) -> Iterator[list[str]]:
    """Make an index of each kind, hand over their names, and remove them."""
    names = [f"test-{kind}-{uuid.uuid4().hex}" for kind in kinds]
    patient = client.options(request_timeout=60)  # a busy machine takes its time
    try:
        for name, kind in zip(names, kinds, strict=True):
            patient.indices.create(index=name, mappings=KINDS[kind].mapping, settings=KINDS[kind].settings())
        yield names
    finally:
        patient.options(ignore_status=404).indices.delete(index=names)
