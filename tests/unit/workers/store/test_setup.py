"""What `warraq setup` asks of Elasticsearch."""

from pathlib import Path
from typing import Any

import pytest

from workers.settings import Settings
from workers.store import setup


class Asked(Exception):
    """Ends the call where the client would be used."""


def test_setup_has_more_patience_than_the_client_by_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def made(_: Settings, **options: Any) -> None:
        raise Asked(options["request_timeout"])

    monkeypatch.setattr(setup, "client", made)
    with pytest.raises(Asked, match=r"60\.0"):
        setup.set_up(Settings(), "secret", tmp_path)
