"""`${NAME:-default}` and its relatives, as docker-compose.yml understands them."""

import re
from collections.abc import Mapping
from typing import Any

from deploy.local.errors import ComposeFileError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-?+]|$")


def tree(node: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - YAML is of any shape
    """Replace the variables in every text of a YAML tree; keys stay as they are, as in compose."""
    if isinstance(node, str):
        return text(node, names)
    if isinstance(node, dict):
        return {key: tree(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [tree(value, names) for value in node]
    return node


def text(source: str, names: Mapping[str, str]) -> str:
    """Replace the variables in one text."""
    done: list[str] = []
    rest = source
    while rest:
        plain, dollar, rest = rest.partition("$")
        done.append(plain)
        if not dollar:
            break
        if rest.startswith("$"):
            done.append("$")
            rest = rest[1:]
        elif rest.startswith("{"):
            end = _closing_brace(rest, source)
            done.append(_expression(rest[1:end], names, source))
            rest = rest[end + 1 :]
        elif found := _NAME.match(rest):
            done.append(names.get(found[0], ""))
            rest = rest[found.end() :]
        else:
            raise ComposeFileError(f"docker-compose.yml: a single $ in {source!r}; write $$ for the character itself")
    return "".join(done)


def _closing_brace(rest: str, source: str) -> int:
    """Find the brace that closes the first one; defaults may hold further variables."""
    depth = 0
    for position, character in enumerate(rest):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return position
    raise ComposeFileError(f"docker-compose.yml: ${{ without its }} in {source!r}")


def _expression(inner: str, names: Mapping[str, str], source: str) -> str:
    """Evaluate what stands between the braces; with a colon an empty value counts as unset."""
    name = _NAME.match(inner)
    operator = _OPERATOR.match(inner, name.end()) if name else None
    if name is None or operator is None:
        raise ComposeFileError(f"docker-compose.yml: cannot read ${{{inner}}} in {source!r}")
    value = names.get(name[0])
    present = value not in (None, "") if operator[0].startswith(":") else value is not None
    argument = text(inner[operator.end() :], names)
    match operator[0][-1:]:
        case "-":
            return value if present and value is not None else argument
        case "+":
            return argument if present else ""
        case "?" if not present:
            raise ComposeFileError(f"{name[0]} is not set: {argument or 'docker-compose.yml requires it'}")
    return value or ""
