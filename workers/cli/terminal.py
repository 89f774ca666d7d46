"""What the terminal can do, as its environment says."""

import os
import sys


def terminal_is_bidi() -> bool:
    """Return whether this terminal orders right-to-left text itself: those that follow the BiDi terminal draft do."""
    known = {"VTE_VERSION", "KONSOLE_VERSION", "MLTERM"}
    return not known.isdisjoint(os.environ) or os.environ.get("TERM_PROGRAM") == "Apple_Terminal"


def terminal_width() -> int | None:
    """Return the width to use without a terminal: enough for any line, so that pipes get whole ones."""
    return None if sys.stdout.isatty() or "COLUMNS" in os.environ else 10_000
