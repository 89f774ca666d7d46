"""The PromQL of this repository, and where each expression stands."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from deploy.local.places import CHECKOUT

FOLDER: Final = CHECKOUT / "deploy" / "monitoring"
DASHBOARDS: Final = sorted((FOLDER / "grafana" / "dashboards").glob("*.json"))
SELECTOR: Final = re.compile(r"\b(?:warraq[a-z0-9_:]+|up)(?:\{[^}]*\})?")
"""A metric as an expression names it, with its labels."""


def rules() -> list[Mapping[str, Any]]:
    groups = yaml.load((FOLDER / "rules.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["groups"]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> dict[str, Mapping[str, Any]]:
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def panels() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each panel with its name: `pipeline: Articles by state`."""
    for file in DASHBOARDS:
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]:
            yield f"{file.stem}: {panel['title']}", panel


def shown() -> dict[str, str]:
    """Return the dashboards' expressions by panel, as Prometheus understands them."""
    found = {f"{name} {n}": target["expr"] for name, panel in panels() for n, target in enumerate(panel["targets"])}
    return {name: expression.replace("$__rate_interval", "1m") for name, expression in found.items()}


def selectors() -> set[str]:
    """Return every metric that a rule names."""
    return {found for rule in rules() for found in SELECTOR.findall(rule["expr"])}
