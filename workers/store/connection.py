"""Clients of Elasticsearch: its hosts and its CA from the settings; the key from a file that may be replaced."""

from functools import partial
from pathlib import Path
from typing import Any, Final

from elastic_transport import Transport, TransportApiResponse
from elasticsearch import Elasticsearch

from workers.settings import Settings, SettingsError, secret

UNAUTHORIZED: Final = 401


class KeyFileTransport(Transport):
    """Sends the API key in a file; when Elasticsearch no longer takes it, the file is read again.

    So `warraq keys rotate` needs no worker to be restarted: it saves the new key before the old one is invalidated.
    """

    def __init__(self, *hosts: Any, key_file: Path, **options: Any) -> None:  # noqa: ANN401  # Transport's own arguments
        super().__init__(*hosts, **options)
        self._key_file = key_file
        self._key = secret(key_file)

    def perform_request(self, method: str, target: str, **options: Any) -> TransportApiResponse:  # noqa: ANN401  # as above
        """Ask with the key, once more if it has been replaced."""
        refused = self._key
        answer = self._ask(method, target, options)
        if answer.meta.status == UNAUTHORIZED and (fresh := self._replaced()) != refused:
            self._key = fresh
            answer = self._ask(method, target, options)
        return answer

    def _replaced(self) -> str:
        """Return the key in the file; the last one while there is none: a volume with secrets may be mounted anew."""
        try:
            return secret(self._key_file)
        except SettingsError:
            return self._key

    def _ask(self, method: str, target: str, options: dict[str, Any]) -> TransportApiResponse:
        headers = {**(options.get("headers") or {}), "authorization": f"ApiKey {self._key}"}
        return super().perform_request(method, target, **{**options, "headers": headers})


def client(config: Settings, **options: Any) -> Elasticsearch:  # noqa: ANN401  # Elasticsearch's own arguments
    """Return a client of the Elasticsearch that the settings name."""
    if config.elasticsearch_ca_file:
        options["ca_certs"] = str(config.elasticsearch_ca_file)
    return Elasticsearch(config.elasticsearch_hosts, **options)


def client_with_key_file(config: Settings, key_file: Path, **options: Any) -> Elasticsearch:  # noqa: ANN401  # as above
    """Return a client that follows the key in a file. Raises SettingsError if it cannot be read."""
    return client(config, transport_class=partial(KeyFileTransport, key_file=key_file), **options)
