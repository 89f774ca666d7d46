"""Elasticsearch's snapshots in a folder that its nodes see (`path.repo`): incremental, each shard at one moment."""

from collections.abc import Sequence
from typing import Any, Final

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from ingest.document import ALIAS, ARTICLE_INDICES
from ingest.errors import Permanent, Unavailable
from workers.settings import VERSION

REPOSITORY: Final = "warraq"
CHUNK: Final = "8mb"
"""Larger files are kept in parts: the service that copies them to a bucket has 112 MB of memory, and 50 s a task."""
LONG_S: Final = 3600
"""How long one snapshot may take to be restored, or removed."""


class Snapshots:
    """Make, list, restore and remove snapshots. `folder`: as the nodes see it."""

    def __init__(self, client: Elasticsearch, folder: str) -> None:
        self._client = client
        self._folder = folder

    def register(self) -> None:
        """Make the repository known to Elasticsearch; what is in one that is known stays as it is.

        Raises Permanent (`backup_folder`) where Elasticsearch may not, or cannot, use the folder.
        """
        try:
            self._client.snapshot.create_repository(
                name=REPOSITORY,
                repository={"type": "fs", "settings": {"location": self._folder, "chunk_size": CHUNK}},
            )
        except Exception as error:
            if getattr(error, "status_code", 0) not in {400, 500}:
                raise
            raise Permanent("backup_folder", f"Elasticsearch cannot keep backups in {self._folder}: {error}") from error

    def forget_repository(self) -> None:
        """Have Elasticsearch read the folder anew the next time: it was filled by another hand."""
        self._client.options(ignore_status=404).snapshot.delete_repository(name=REPOSITORY)

    def all(self) -> list[tuple[str, str]]:
        """Return name and state of each snapshot."""
        try:
            found = self._client.snapshot.get(repository=REPOSITORY, snapshot="*", verbose=True)["snapshots"]
        except NotFoundError:  # the repository is not known yet
            return []
        return [(one["snapshot"], one["state"]) for one in found]

    def begin(self, name: str, kinds: Sequence[str]) -> None:
        """Begin a snapshot of some kinds of indices, unless it is there."""
        try:
            self._client.snapshot.create(
                repository=REPOSITORY,
                snapshot=name,
                indices=[ALIAS if kind == ARTICLE_INDICES else kind for kind in kinds],
                include_global_state=False,
                wait_for_completion=False,
                metadata={"warraq": VERSION},
            )
        except BadRequestError as error:
            if "invalid_snapshot_name" not in str(error):
                raise

    def restore(self, name: str) -> None:
        """Restore all indices of a snapshot, which must not be there. Raises Unavailable if one is not restored."""
        answer: Any = self._client.options(request_timeout=LONG_S, max_retries=0).snapshot.restore(
            repository=REPOSITORY,
            snapshot=name,
            include_global_state=False,
            include_aliases=True,
            wait_for_completion=True,
        )
        shards = answer["snapshot"]["shards"]
        if shards["failed"]:
            raise Unavailable("restore", f"{name}: {shards['failed']} of {shards['total']} shards were not restored")

    def remove(self, names: Sequence[str]) -> None:
        """Remove snapshots, and the files that no other needs."""
        if names:
            patient = self._client.options(request_timeout=LONG_S, ignore_status=404)
            patient.snapshot.delete(repository=REPOSITORY, snapshot=list(names))
