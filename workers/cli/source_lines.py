"""What is said of a source: when it is polled, and how its polls go."""

from collections.abc import Iterator

from ingest.model import Source
from ingest.polling.poll import Poll
from workers.cli.console import span
from workers.steps.sources import Listed


def lines_of(one: Listed) -> Iterator[str]:
    """Yield a source's lines: its address, when it is polled, how the last poll went."""
    yield f"{one.id[:12]}  {one.kind}"
    yield one.url
    yield f"polled {f'{one.polled_at:%m-%d %H:%M:%S} UTC' if one.polled_at else 'never'}, {every(one)}"
    yield found(one)


def every(one: Listed) -> str:
    """Return how often a source is polled, and when it is due."""
    if one.gone:
        return "no more: it is gone (410); add it again to poll it"
    if one.paused:
        return "no more until `warraq sources resume`"
    due = f"next {one.due_at:%m-%d %H:%M:%S} UTC" if one.due_at else ""
    if one.put_off:
        due += f": {one.put_off}"
    if not one.interval_s:
        return due or "again when asked"
    return f"every {one.interval_s} s or more{due and f', {due}'}"


def found(one: Listed) -> str:
    """Return how the last poll of a source went."""
    if one.error:
        return f"{one.error} ({one.failures} {'time' if one.failures == 1 else 'times'} in a row)"
    troubled = f", {len(one.problems)} unreadable" if one.problems else ""
    troubled += f", {one.to_go} listings to go" if one.to_go else ""
    moved = f"; moves to {one.moved_to}" if one.moved_to else ""
    quiet = f"; {silence(one)}" if one.quiet_since and one.interval_s and not one.paused else ""
    return f"{one.listed} listed, {one.admitted} new{troubled}{moved}{quiet}"


def silence(one: Listed) -> str:
    """Tell since when a source is quiet, and how often it used to publish."""
    return f"QUIET since {one.quiet_since:%Y-%m-%d %H:%M}; it used to publish every {span(one.usual_s)}"


def failed(source: Source, poll: Poll) -> str:
    """Return what a person should know of a source whose first poll failed."""
    again = "it is not polled any more: add it again under its new address" if poll.gone else "it will be tried again"
    return (
        f"it is added, but its first poll failed: {poll.error}; {again}. `warraq sources list` shows how it goes on, "
        f"`warraq sources remove {source.id[:12]}` takes it out"
    )
