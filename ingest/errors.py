"""What can go wrong with one article: the exception's type decides how it ends, its reason says why.

A reason is a short snake_case word that people group by; the detail is for the reader of one case.
"""


class WarraqError(Exception):
    """Base of all expected errors: ``reason`` to group by, ``detail`` to read."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[object, ...]:
        """Make it survive pickling, which otherwise rebuilds an exception from its message alone."""
        return _again, (type(self), self.reason, self.detail, dict(self.__dict__))


class Rejected(WarraqError):
    """The page is fine, but not something we index. Ends as `rejected`."""


class Missing(Rejected):
    """Another page stands in the article's place: one that says 404 in words, the site's home page, a section."""


class Permanent(WarraqError):
    """A retry cannot help. Ends as `failed` at once."""


class Gone(Permanent):
    """The site says that it does not exist: 404, 410. A source is given up only after repeated answers."""


class Blocked(Permanent):
    """The site does not want us: 401, 403, 451, a challenge. A reason to leave it alone, not to try harder."""


class Unavailable(WarraqError):
    """One of our services is down or full (the page store's disk). Not the article's fault: no attempt is counted."""


class Transient(WarraqError):
    """May work later. Ends as `failed` when the attempts are used up."""

    def __init__(self, reason: str, detail: str = "", *, retry_after_s: float = 0.0) -> None:
        super().__init__(reason, detail)
        self.retry_after_s = retry_after_s


def _again(kind: type[WarraqError], reason: str, detail: str, state: dict[str, object]) -> WarraqError:
    error = kind(reason, detail)
    error.__dict__.update(state)
    return error
