"""What reading a source's page brings."""

from dataclasses import dataclass

from ingest.model import Entry


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a page, in its order, and what could not be read of it."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()
    """Sentences for the source's health record; an empty tuple for a page without fault."""
