"""How far a walk that takes days has come, in Redis; if that is lost, it begins again."""

from dataclasses import dataclass
from typing import Final, Self, cast

from redis import Redis

from ingest.stories.fingerprint import RULES

PREFIX: Final = "warraq:checkpoint:"


class Checkpoint:
    """A place in an order of ids; '' is the beginning."""

    def __init__(self, redis: Redis, name: str) -> None:
        self._redis = redis
        self._key = PREFIX + name

    def get(self) -> str:
        """Return the place that was reached."""
        return (cast("bytes | None", self._redis.get(self._key)) or b"").decode()

    def set(self, place: str) -> None:
        """Note the place that is reached now."""
        self._redis.set(self._key, place)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far each walk has come."""

    pending: Checkpoint
    """Of the pending records, by id (`sweep`)."""
    documents: Checkpoint
    """Of the documents that are compared with their records, by id (`sweep`)."""
    stories: Checkpoint
    """Of the documents that are looked through for those without a story, by id."""
    rebuild: Checkpoint
    """Of `warraq stories rebuild`: until when it has looked, by today's rules. By others it begins anew."""
    retention: Checkpoint
    """Of retention: the kind and the place in it, or when it was last over."""
    forgotten: Checkpoint
    """Of what was forgotten, in that order: the last article whose traces have been looked for once more."""
    backup: Checkpoint
    """Of backups: the last one whose outcome was told."""

    @classmethod
    def of(cls, redis: Redis) -> Self:
        """Return the places that Redis keeps."""
        return cls(
            pending=Checkpoint(redis, "pending"),
            documents=Checkpoint(redis, "documents"),
            stories=Checkpoint(redis, "stories"),
            rebuild=Checkpoint(redis, f"stories-rebuild-{RULES}"),
            retention=Checkpoint(redis, "retention"),
            forgotten=Checkpoint(redis, "forgotten"),
            backup=Checkpoint(redis, "backup"),
        )
