"""What the pages share: the library, the passwords, the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import Request

from workers.desk.feeds import Feeds
from workers.desk.library import Library
from workers.desk.limiter import Limiter
from workers.frontier.mailbox import Mailbox
from workers.settings import Settings, secret

ROLES: Final = ("reader", "editor")
SESSION_KEY: Final = "session_key"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that a page may touch."""

    library: Library
    passwords: Mapping[str, str]
    """By the name of the role: `reader` sees, `editor` may change something too."""
    key: str
    """What sessions and forms are signed with; new passwords make it another one."""
    limiter: Limiter
    feeds: Feeds
    mailbox: Mailbox | None
    """Where editors' wishes are left; None: nothing can be changed at this desk."""
    zone: ZoneInfo
    now: Callable[[], datetime]


def build(config: Settings, library: Library, mailbox: Mailbox | None) -> Desk:
    """Return the desk that the settings describe. Raises SettingsError if a secret cannot be read."""
    folder: Path = config.desk_secrets_dir
    passwords = {role: secret(folder / f"{role}_password") for role in ROLES}
    key = " ".join([secret(folder / SESSION_KEY), *passwords.values()])
    feeds = Feeds(config.desk_dir, secret(folder / SESSION_KEY))  # a new password ends sessions, and no feed
    zone = ZoneInfo(config.desk_zone)
    return Desk(library, passwords, key, Limiter(), feeds, mailbox, zone, lambda: datetime.now(UTC))


def desk_of(request: Request) -> Desk:
    """Return the desk that serves a request."""
    found: Desk = request.app.state.desk
    return found
