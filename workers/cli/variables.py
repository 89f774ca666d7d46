"""Settings by their names: what `--set` refuses, and what of the environment is read by nobody."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from ingest.nearest import meant, nearest
from workers.settings import PREFIX, Settings, in_words

SETTINGS: Final = frozenset(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)
IN_COMMANDS: Final = frozenset(
    {"WARRAQ_PROCESS_CONCURRENCY", "WARRAQ_REDIS_MAXMEMORY", "WARRAQ_FLOWER_PASSWORD_FILE"},
)
"""Settings of processes that are not Python of ours: docker-compose.yml puts them into commands."""
OF_CONTAINERS: Final = frozenset(
    PREFIX + name
    for name in (
        *("TEXTS", "PROCESS_MEMORY", "REDIS_MEMORY", "ELASTICSEARCH_MEMORY", "ELASTICSEARCH_HEAP"),
        *("ELASTICSEARCH_PORT", "FLOWER_PORT", "DESK_PORT", "PROMETHEUS_PORT", "GRAFANA_PORT"),
    )
)
"""Read by docker-compose.yml for containers; without Docker nothing asks for them."""
OF_THE_SHELL: Final = frozenset(
    {"WARRAQ_HOME", "WARRAQ_STACK", "WARRAQ_ELASTIC_PASSWORD", "WARRAQ_ELASTIC_PASSWORD_FILE"}
)
"""Read by `warraq up` itself, before there is a service."""
KNOWN: Final = SETTINGS | IN_COMMANDS | OF_CONTAINERS | OF_THE_SHELL
OWN: Final = ("WARRAQ_CHAOS_", "WARRAQ_DEMO_")
"""Begin the names that our tests and the demo hand to themselves."""


def refusal(name: str) -> str:
    """Return why `--set` cannot take a name, `service.NAME` for one service alone; '' if it can."""
    plain = name.rpartition(".")[2]
    if plain in SETTINGS | IN_COMMANDS:
        return ""
    if plain == "WARRAQ_ELASTICSEARCH_HEAP":
        return f"{plain} is read by docker-compose.yml alone; without Docker say `warraq up --heap`"
    if plain in OF_CONTAINERS:
        return f"{plain} is read by docker-compose.yml alone: without Docker it changes nothing"
    if plain in OF_THE_SHELL:
        return f"{plain} is read by `warraq up` itself: set it in the environment"
    return f"there is no setting {plain}{meant(plain.upper(), SETTINGS | IN_COMMANDS)}" if _is_ours(plain) else ""


def is_foreign(name: str) -> bool:
    """Return whether a name is passed on for other programs: `AWS_…`, `TZ`."""
    return name.rpartition(".")[2] not in KNOWN


def unread(names: Iterable[str]) -> list[str]:
    """Say of which variables of an environment nobody knows the name, though it is meant for us."""
    strange = [name for name in names if name.upper() not in KNOWN and not name.startswith(OWN) and _has_our_name(name)]
    return [f"{name} is no setting, and nothing reads it{meant(name.upper(), KNOWN)}" for name in sorted(strange)]


def unheeded(given: Mapping[str, str], passed_on: Collection[str], effective: Mapping[str, str]) -> list[str]:
    """Say which settings of an environment came to no service: docker-compose.yml does not pass all of them on."""
    lost = [
        name
        for name, value in given.items()
        if name in SETTINGS and value and name not in passed_on and effective.get(name) != value
    ]
    return [f"{name} reaches no service from here: `warraq up --set {name}=…` does" for name in sorted(lost)]


def misvalued(given: Mapping[str, str]) -> list[str]:
    """Say which settings have values that no process could start with; an empty one stands for the default."""
    known = {name: value for name, value in given.items() if value and name in SETTINGS}
    fields: dict[str, Any] = {name.removeprefix(PREFIX).lower(): value for name, value in known.items()}
    try:
        Settings(**fields)
    except ValidationError as error:
        return [why for name, why in in_words(error).items() if name in known]
    return []


def _is_ours(name: str) -> bool:
    """Return whether a name looks like one of ours: misspelt, or without its beginning."""
    return _has_our_name(name) or any(one.endswith(f"_{name.upper()}") for one in KNOWN) or bool(_alike(name))


def _alike(name: str) -> str:
    return nearest(name.upper(), KNOWN)


def _has_our_name(name: str) -> bool:
    return bool(nearest(name.upper().partition("_")[0], [PREFIX.strip("_")], 0.8))
