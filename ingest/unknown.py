"""Fields of another version: those that this version does not know are kept and written back unchanged.

During an upgrade both versions read and write the same records and outcomes.
"""

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class KeepsUnknown:
    """Base of stored dataclasses that have a field `unknown`: a mapping of whatever else the JSON has."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the dataclass' schema; unknown keys are read into `unknown`, and written beside the others."""
        schema = handler(source)
        known = frozenset(one.name for one in fields(cls))  # type: ignore[arg-type]  # subclasses are dataclasses
        return core_schema.no_info_before_validator_function(
            partial(_gathered, known),
            schema,
            serialization=core_schema.wrap_serializer_function_ser_schema(_spread, schema=schema),
        )


def _gathered(known: frozenset[str], value: Any) -> Any:  # noqa: ANN401  # whatever is to be validated
    if not isinstance(value, Mapping) or not (unknown := value.keys() - known):
        return value
    mine = {name: one for name, one in value.items() if name in known}
    return mine | {"unknown": {name: value[name] for name in sorted(unknown)}}


def _spread(value: Any, handler: Any) -> Any:  # noqa: ANN401  # as pydantic's serializers
    dumped = handler(value)
    unknown = dumped.pop("unknown")
    return dumped | unknown if unknown else dumped
