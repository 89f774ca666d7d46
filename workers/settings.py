"""All settings, and the only reader of the environment. One URL per service; passwords come from files."""

import os
from dataclasses import fields
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.policy.crawler import CONTACT, NO_CONTACT, Networks, Zone
from ingest.retention import Keep

VERSION: Final = "0.1.0"
PREFIX: Final = "WARRAQ_"


class SettingsError(Exception):
    """A setting is missing or wrong; the message says what to do."""


class Settings(BaseSettings):
    """Each field is the variable WARRAQ_<NAME>; deploy/env.example explains them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    redis_url: str = "redis://app@127.0.0.1:6379/0"
    """`rediss://` speaks TLS; an IPv6 address is in brackets."""
    redis_password_file: Path | None = None
    redis_ca_file: Path | None = None
    """The CA that signed its certificate, where the system does not know it."""
    elasticsearch_url: str = "http://127.0.0.1:9200"
    """One node or several, comma-separated: all are asked in turn, and one that is away is passed over."""
    elasticsearch_ca_file: Path | None = None
    """The CA that signed the nodes' certificates, where the system does not know it."""
    elasticsearch_shown_url: str = ""
    """Where people reach Elasticsearch, if that is another address than this process uses."""
    elasticsearch_key_file: Path | None = None
    secrets_dir: Path = Path("/run/secrets")
    desk_secrets_dir: Path = Path("/run/secrets/desk")
    """Where the desk finds its passwords, and what it signs with."""
    desk_dir: Path = Path("/var/lib/warraq/desk")
    """What the desk keeps: the searches that are followed."""
    desk_proxies: str = "127.0.0.1"
    """Addresses or networks of proxies with TLS in front of the desk, comma-separated: they say who asks, and how."""
    desk_zone: Zone = "UTC"
    """The IANA zone in which the desk shows times and counts days."""
    pages_url: str = "/var/lib/warraq/pages"
    keep_pages_days: int = Field(default=30, ge=0)
    """Days for which `warraq retention` keeps stored pages; 0 = for ever. The next ones are the same of their kinds."""
    keep_articles_days: int = Field(default=0, ge=0)
    """Months of which the last day is older are dropped as a whole."""
    keep_ledger_days: int = Field(default=0, ge=0)
    """Records that ended before are slimmed: an id is known for ever."""
    keep_tallies_days: int = Field(default=0, ge=0)
    keep_revisions_days: int = Field(default=0, ge=0)
    keep_stories_days: int = Field(default=0, ge=0)
    ledger_shards: int = Field(default=1, ge=1)
    """Shards of a ledger that is made anew; one that is there gets more by `warraq ledger split`."""
    pages_free_mb: int = Field(default=1024, ge=0)
    """Room on the page store's disk below which the oldest pages go before their time; 0 = never."""
    backup_dir: Path = Path("/var/lib/warraq/backups")
    """Where Elasticsearch keeps snapshots: a folder that it sees by the same name (`path.repo`)."""
    backup_url: str = ""
    """Another folder, or an object store, to which each backup is copied."""
    backup_hours: float = Field(default=0, ge=0)
    """Hours after which the service `upkeep` makes a new backup; 0 = it makes none."""
    backup_keep: int = Field(default=14, ge=1)
    """Backups that are kept; those before them go."""
    heartbeat_file: Path | None = None
    contact_url: str = ""
    """A page about this crawler, or a mailto: address: sites must be able to reach whoever fetches from them."""
    proxy_url: str = ""
    """An egress proxy (http://host:port) for all fetches; empty: straight to the sites."""
    politeness_s: float = Field(default=5.0, ge=0)
    """Seconds between two requests to one host, at least; 0 (tests) = only what the site itself asks for."""
    host_budget: int = Field(default=10_000, ge=1)
    """Requests to one host in 24 hours."""
    fetch_allow: Networks = ""
    """Networks (CIDR, comma-separated) that may be fetched although they are not public; empty in production."""
    fetch_slots: int = Field(default=100, ge=1)
    """Most articles in the fetch and process queues: tick's back-pressure. Twice the number of fetch threads."""
    batch_most: int = Field(default=20, ge=1)
    """Articles that one task works on, one after the other, while its queue is long; 1 = a task for each."""
    batch_behind: int = Field(default=20, ge=0)
    """Messages that must wait for a task to go on with the next one itself; 0 (tests) = any."""
    lease_s: float = Field(default=90.0, gt=0)
    """Seconds an article or a poll may be in progress before its worker is taken for dead and it is due again."""
    sweep_s: float = Field(default=30.0, gt=0)
    metrics_seldom_s: float = 30.0
    """Seconds between two looks of the exporter at what takes longer than a scrape may."""
    process_limit_s: int = Field(default=30, ge=6)
    """Seconds after which the process that works on a page is killed; 5 s earlier, the page is given up cleanly."""
    process_data_mb: int = 320
    """Memory (RLIMIT_DATA) of a process that works on pages; the largest that is accepted takes 263 MB of it."""
    task_events: bool = True
    """Whether Flower sees every task. Otherwise it shows workers and queues only, and an article costs less CPU."""
    log_level: str = "INFO"

    @property
    def broker_url(self) -> str:
        """The Redis URL with its password and, for `rediss`, how its certificate is checked.

        kombu opens a `rediss` URL without TLS unless the query says how.
        """
        parts = urlsplit(self.redis_url)
        if self.redis_password_file:
            password = quote(secret(self.redis_password_file), safe="")
            address = parts.netloc.rpartition("@")[2] if parts.port else f"{parts.netloc.rpartition('@')[2]}:6379"
            parts = parts._replace(netloc=f"{parts.username or ''}:{password}@{address}")
        if parts.scheme == "rediss":
            own = {"ssl_ca_certs": str(self.redis_ca_file)} if self.redis_ca_file else {}
            checks = {"ssl_cert_reqs": "required"} | own
            parts = parts._replace(query=urlencode(checks | dict(parse_qsl(parts.query))))
        return parts.geturl()

    @property
    def keep(self) -> Keep:
        """How long each kind is kept. Raises SettingsError if that is too short for one."""
        made = Keep(**{one.name: getattr(self, f"keep_{one.name}_days") for one in fields(Keep)})
        if problem := made.problem():
            raise SettingsError(f"WARRAQ_KEEP_…_DAYS: {problem}")
        return made

    @property
    def elasticsearch_hosts(self) -> list[str]:
        """`elasticsearch_url`, split."""
        return [host.strip() for host in self.elasticsearch_url.split(",") if host.strip()]

    @property
    def user_agent(self) -> str:
        """The User-Agent. Raises SettingsError if it would not say whom to write to."""
        if not CONTACT.fullmatch(self.contact_url):
            raise SettingsError(f"WARRAQ_CONTACT_URL is {self.contact_url!r}: {NO_CONTACT}")
        return f"warraq/{VERSION} (+{self.contact_url})"

    @property
    def allowed_networks(self) -> tuple[str, ...]:
        """`fetch_allow`, split."""
        return tuple(network.strip() for network in self.fetch_allow.split(",") if network.strip())


def secret(path: Path) -> str:
    """Return the secret in a file. Raises SettingsError, naming the file, when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        hint = "Is the stack up (`warraq up`, or the compose `setup`)?"
        raise SettingsError(f"cannot read the secret {path}: {error.strerror}. {hint}") from error


@cache
def settings() -> Settings:
    """Return the settings of this process: the environment, else what `warraq up` wrote for this checkout."""
    try:
        return Settings(_env_file=_local_env())  # type: ignore[call-arg]  # pydantic-settings' own argument
    except ValidationError as error:
        raise SettingsError("; ".join(in_words(error).values())) from error


def in_words(error: ValidationError) -> dict[str, str]:
    """Return what is wrong with each setting, by its name."""
    wrong = {f"{PREFIX}{str(one['loc'][0]).upper()}": one for one in error.errors()}
    return {name: f"{name} is {one['input']!r}: {one['msg']}" for name, one in wrong.items()}


def environment() -> dict[str, str]:
    """Return the environment of this process."""
    return dict(os.environ)


def in_checkout() -> bool:
    """Return whether the local stack's code is here; the image does not have it."""
    return find_spec("deploy") is not None and find_spec("deploy.local") is not None


def is_it_up() -> str:
    """Return the hint for users whose services do not answer, with the command that shows the status."""
    return f"Is the stack up (`{'warraq status' if in_checkout() else 'docker compose ps'}`)?"


def local_stack() -> ModuleType:
    """Return the module `deploy.local.stack`. Raises SettingsError in the image, which is without it."""
    if not in_checkout():
        raise SettingsError("`warraq up`, `down` and `status` need a checkout; in containers use docker compose")
    from deploy.local import stack  # noqa: PLC0415  # only a checkout has it

    return stack


def _local_env() -> Path | None:
    if not in_checkout():
        return None
    from deploy.local.places import home  # noqa: PLC0415  # as above, and each worker reads this: not the whole stack

    return home() / "env"
