"""docker-compose.yml without the compose CLI: brings the YAML into the form that `config --format json` has.

Only as far as lint.py looks. What the real CLI finds (unknown keys, cycles, bad values) stays unfound.
"""

from pathlib import Path
from typing import Any

import yaml

from deploy.local import interpolate

FILLED_IN = {"WARRAQ_CONTACT_URL": "https://example.org/bot"}
"""Required settings that env.example leaves to the reader."""


def read(file: Path) -> dict[str, Any]:
    """Return the file as the compose CLI would print it, every variable at its default or filled in."""
    config: dict[str, Any] = interpolate.tree(
        yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), FILLED_IN
    )
    for body in config["services"].values():
        body["volumes"] = [_mount(text) for text in body.get("volumes", [])]
        body["ports"] = [_port(text) for text in body.get("ports", [])]
        if "build" in body:
            body["build"]["context"] = str(file.parent / body["build"]["context"])
    return config


def _mount(text: str) -> dict[str, Any]:
    source, target, *flags = text.split(":")
    return {"source": source, "target": target, "read_only": "ro" in flags}


def _port(text: str) -> dict[str, Any]:
    *address, published, target = text.rsplit(":", maxsplit=2)
    return {"host_ip": "".join(address), "published": published, "target": target}
