"""Errors of the local stack: what is wrong, why, and what to do."""

from dataclasses import dataclass


class LocalStackError(Exception):
    """Base of everything `warraq up / down / status` reports to its user without a traceback."""


class ComposeFileError(LocalStackError):
    """docker-compose.yml is missing, or uses something that the stack without Docker does not support."""


class ServiceFailedError(LocalStackError):
    """A service ended or did not become healthy; the message carries the end of its log."""


class WrongPasswordError(LocalStackError):
    """Elasticsearch runs but refuses the password: its data was made with another one."""


@dataclass(frozen=True)
class Missing:
    """One thing this machine lacks: its name, why the stack needs it, and how to get it."""

    name: str
    reason: str
    remedy: str
    packages: tuple[str, ...] = ()
    """Debian's packages that bring it; the first one that the archive has is enough."""


class PrerequisitesMissingError(LocalStackError):
    """Everything that this machine lacks, at once, before anything was started."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        self.missing = missing
        lines = [f"- {one.name}: {one.reason}\n  {one.remedy}" for one in missing]
        super().__init__("The local stack cannot start; this machine lacks:\n" + "\n".join(lines))
