"""WARRAQ_ELASTICSEARCH_URL: an Elasticsearch of the user's own, used instead of a local node."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.errors import LocalStackError
from deploy.local.program import write_private

_PASSWORD, _FILE = "WARRAQ_ELASTIC_PASSWORD", "WARRAQ_ELASTIC_PASSWORD_FILE"


def named(environ: Mapping[str, str], own: str) -> str | None:
    """Return its address, if one was named; a shell that has read <home>/env names the local node, which is none."""
    url = environ.get("WARRAQ_ELASTICSEARCH_URL", "").rstrip("/")
    return url if url and url != own else None


def adopt_password(place: Path, environ: Mapping[str, str], url: str) -> None:
    """Put the given superuser's password where `setup` looks for one; the one-shot `secrets` leaves it alone."""
    if file := environ.get(_FILE):
        password = Path(file).expanduser().read_text(encoding="utf-8").strip()
    elif not (password := environ.get(_PASSWORD, "")):
        raise LocalStackError(
            f"WARRAQ_ELASTICSEARCH_URL names {urlsplit(url).netloc.rpartition('@')[2]}: set {_FILE} or {_PASSWORD} too "
            "(the password of its user `elastic`), so that `setup` can create indices and keys there"
        )
    folder = place / "secrets" / "elasticsearch"
    folder.mkdir(mode=0o700, exist_ok=True)
    write_private(folder / "elastic_password", password)
