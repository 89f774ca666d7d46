"""What a poll brought, in words."""

from datetime import timedelta

from ingest.model import Source
from ingest.polling.poll import Poll
from ingest.upshot import Ending, Upshot, place, readable


def polled(source: Source, poll: Poll) -> Upshot:
    """Tell how a poll of a source went."""
    if poll.error:
        return Upshot(named(source), readable(f"{poll.error} ({poll.failures} times in a row)"), Ending.FAILED)
    said = f"{poll.listed} listed, {poll.admitted} new"
    said += f", {len(poll.problems)} unreadable" if poll.problems else ""
    said += f", {len(poll.further)} listings to go" if poll.further else ""
    return Upshot(named(source), said)


def not_yet(source: Source, wait: timedelta) -> Upshot:
    """Tell of a source whose host may not be asked yet."""
    return Upshot(named(source), f"its host rests, again in {wait.total_seconds():.0f} s", Ending.PUT_BACK)


def named(source: Source) -> str:
    """Return a source's name and its address, as names need not be unique."""
    return readable(f"{source.name} {place(source.url)}".strip())
