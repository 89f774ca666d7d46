"""The site rules of this installation: the TOML files of deploy/rules, read once."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from ingest.errors import Permanent
from ingest.extract.rules import SiteRules, read_rules

RULES: Final = Path(__file__).parent.parent / "deploy" / "rules"


@cache
def site_rules(folder: Path = RULES) -> Mapping[str, SiteRules]:
    """Return the rules by host; none if the folder is missing. Raises Permanent (`rule_invalid`), naming the file."""
    found: dict[str, SiteRules] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            found |= read_rules(file.read_text(encoding="utf-8"))
        except Permanent as error:
            raise Permanent(error.reason, f"{file.name}: {error.detail}") from error
    return found
