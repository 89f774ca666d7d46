"""`warraq desk`: the desk alone, against any Elasticsearch that has articles."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli.console import out
from workers.secrets import ensure_secrets
from workers.settings import settings
from workers.store.keys import DESK_KEY


def desk(
    *,
    address: Annotated[
        str, typer.Option(help="Where to listen; whoever lets others in puts TLS in front.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="On which port.")] = 8080,
    elasticsearch: Annotated[str, typer.Option(help="Address of Elasticsearch; else that of the settings.")] = "",
    key_file: Annotated[Path | None, typer.Option(help="File with a key that may read; else the stack's own.")] = None,
) -> None:
    """Serve the page where people read, search and follow.

    Its passwords are made on the first start: `warraq keys` shows them.
    """
    from workers.desk.serve import serve  # noqa: PLC0415  # a web server, which no other command needs

    config = settings()
    ensure_secrets(config.secrets_dir)
    changed = {
        "elasticsearch_key_file": key_file or config.secrets_dir / DESK_KEY,
        "desk_secrets_dir": config.secrets_dir / "desk",
        **({"redis_password_file": None} if elasticsearch else {}),  # another archive's: its workers are elsewhere
    } | ({"elasticsearch_url": elasticsearch} if elasticsearch else {})
    out.print(f"http://{address}:{port}  passwords: {config.secrets_dir / 'people'}/desk_*_password", soft_wrap=True)
    serve(config.model_copy(update=changed), address, port)
