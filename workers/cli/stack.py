"""`warraq up`, `down`, `status`, `keys`, and the one-shots `secrets` and `setup`."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.text import Text

from workers.cli.console import Json, complain, emit, out, refuse, warn
from workers.cli.overview import services_table, show
from workers.cli.variables import is_foreign, misvalued, refusal, unheeded, unread
from workers.runtime import SERVICES, elasticsearch_client, runtime
from workers.secrets import ensure_secrets
from workers.settings import SettingsError, environment, in_checkout, local_stack, secret, settings
from workers.steps.status import status as look
from workers.store.connection import client
from workers.store.keys import READER_KEY, rotate
from workers.store.ready import wait_for_key, wait_for_setup
from workers.store.setup import REQUEST_S, set_up

ELASTIC_PASSWORD = "elasticsearch/elastic_password"  # noqa: S105  # the file's name

keys_app = typer.Typer(add_completion=False, rich_markup_mode=None, invoke_without_command=True)


def up(
    *,
    heap: Annotated[str, typer.Option(help="Elasticsearch's heap.")] = "512m",
    monitoring: Annotated[
        bool | None, typer.Option(help="Prometheus with the alert rules, too, from now on; or no more.")
    ] = None,
    override: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A setting for all services, until the next `up`."),
    ] = None,
) -> None:
    """Start the whole stack on this machine, without Docker."""
    overrides = dict(map(_setting, override or []))
    if not re.fullmatch(r"[1-9][0-9]*[kmgKMG]", heap):
        raise typer.BadParameter(f"{heap!r} is no size: write 512m or 1g", param_hint="--heap")
    for name in filter(is_foreign, overrides):
        warn(f"{name} is no setting of warraq: services get it as it is")
    with _local() as local:
        dotenv, asked_for = local.environment_file()
        _warn_of(unread(dotenv))
        if wrong := misvalued({**dotenv, **environment()}):  # before anything is written with it, or started
            refuse("; ".join(wrong))
        stack = local.up(overrides, heap, say=out.print, monitoring=monitoring)
        _warn_of(unheeded({**dotenv, **environment()}, asked_for, stack.env))
    out.print(f"Elasticsearch  http://127.0.0.1:{stack.elasticsearch_port}")
    out.print(f"Flower         http://127.0.0.1:{stack.flower_port}  (user warraq, password: `warraq keys`)")
    out.print(f"desk           http://127.0.0.1:{stack.desk_port}  (reader or editor, passwords: `warraq keys`)")
    out.print(f"metrics        http://127.0.0.1:{stack.metrics_port}  (for Prometheus)")
    if stack.prometheus_port:
        out.print(f"Prometheus     http://127.0.0.1:{stack.prometheus_port}")


def _setting(pair: str) -> tuple[str, str]:
    """Return the name and the value of NAME=VALUE."""
    name, sign, value = pair.partition("=")
    if not name or not sign:
        raise typer.BadParameter(f"{pair!r} is not NAME=VALUE", param_hint="--set")
    if why := refusal(name) or "; ".join(misvalued({name.rpartition(".")[2]: value})):
        raise typer.BadParameter(why, param_hint="--set")
    return name, value


def _warn_of(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        warn(sentence)


def down() -> None:
    """Stop the local stack. Its data stays."""
    with _local() as local:
        local.down(say=out.print)


def status(*, as_json: Json = False) -> None:
    """Show services, queues, lanes, ledger and throughput.

    Services only where there is a local stack.
    """
    services = _services() if in_checkout() else []
    try:
        now = look(runtime())
    except (SettingsError, *SERVICES):
        if not services or any(one["pid"] for one in services):
            raise
        complain("the stack on this machine is stopped: `warraq up` starts it")
        raise typer.Exit(2) from None
    if as_json:
        return emit({"services": services, **asdict(now)})
    if services:
        out.print(services_table(services))
        with _local() as local:
            out.print(Text(f"data, log/ and passwords: {local.home()}"), soft_wrap=True)
        out.print()
    return show(now)


@keys_app.callback()
def keys(context: typer.Context, *, as_json: Json = False) -> None:
    """Show the reader key and the passwords of the desk, Flower and Grafana."""
    if context.invoked_subcommand:
        return refuse("`warraq keys rotate` shows nothing: leave out --json") if as_json else None
    folder = settings().secrets_dir
    reader, flower = secret(folder / READER_KEY), secret(folder / "people" / "flower_password")
    file = folder / "people" / "grafana_password"
    grafana = secret(file) if file.exists() else ""  # on Kubernetes nobody needs it
    files = {role: folder / "people" / f"desk_{role}_password" for role in ("reader", "editor")}
    desk = {role: secret(path) for role, path in files.items() if path.exists()}
    url = settings().elasticsearch_shown_url or settings().elasticsearch_hosts[0]
    if as_json:
        told = {"reader_key": reader, "flower_password": flower, "grafana_password": grafana, "elasticsearch_url": url}
        return emit(told | {f"desk_{role}_password": password for role, password in desk.items()})
    out.print(f"reader key       {reader}", soft_wrap=True)
    for role, password in desk.items():
        out.print(f"desk, {role:<9}  {password}", soft_wrap=True)
    out.print(f"Flower password  {flower}", soft_wrap=True)
    out.print(f"Grafana password {grafana}  (profile monitoring, user admin)", soft_wrap=True)
    header = f"Authorization: ApiKey {reader}"
    line = f"curl -G -H '{header}' '{url}/news/_search?size=3' --data-urlencode 'q=العراق'"
    return out.print(line, soft_wrap=True)


@keys_app.command("rotate")
def rotate_keys() -> None:
    """Replace the API keys; the old ones end. Workers pick up theirs by themselves."""
    folder = settings().secrets_dir
    password = secret(folder / ELASTIC_PASSWORD)
    with client(settings(), basic_auth=("elastic", password), request_timeout=REQUEST_S) as elastic:
        for path in rotate(elastic, folder):
            out.print(f"replaced {path}")


def secrets() -> None:
    """Generate the passwords that are missing.

    The compose file's first one-shot; it refuses settings that cannot work.
    """
    if settings().contact_url:
        settings().user_agent  # noqa: B018  # reading it is the check
    for path in ensure_secrets(settings().secrets_dir):
        out.print(f"made {path}")


def setup(
    *, wait: Annotated[bool, typer.Option("--wait", help="Only wait until another process has done it.")] = False
) -> None:
    """Make Elasticsearch's templates, indices and keys.

    The compose file's second one-shot.
    """
    if wait:
        return _wait_for_setup()
    folder = settings().secrets_dir
    set_up(settings(), secret(folder / ELASTIC_PASSWORD), folder)
    return out.print("Elasticsearch is set up")


def _wait_for_setup() -> None:
    if file := settings().elasticsearch_key_file:
        wait_for_key(file)
    with elasticsearch_client(settings()) as elastic:
        wait_for_setup(elastic)


def _services() -> list[dict[str, Any]]:
    with _local() as local:
        return [asdict(service) for service in local.status()]


@contextmanager
def _local() -> Iterator[Any]:
    """Hand over the local stack; its errors end in one line."""
    local = local_stack()
    try:
        yield local
    except local.LocalStackError as error:
        complain(str(error))
        raise typer.Exit(2) from error
