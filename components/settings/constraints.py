"""Constraints for `Annotated` types: a test, the sentence of its refusal, and what the JSON schema says of it.

A sentence says the rule and the way out; the field and its value are added by `problems`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class Checked:
    """A constraint for `Annotated`: a test, the sentence that explains it, and what the JSON schema says of it."""

    accepts: Callable[[Any], bool]
    """Whether a value of the right type is allowed."""
    rule: str
    """The rule and the way out, as in `must be …; write …`."""
    schema: tuple[tuple[str, Any], ...] = ()
    """Keywords for the JSON schema, so that an editor refuses what the program would."""

    def _check(self, value: Any) -> Any:  # noqa: ANN401 -- whatever type the field has
        if not self.accepts(value):
            raise ValueError(self.rule)
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), **dict(self.schema)}


def matching(pattern: str, rule: str, example: str) -> Checked:
    """Text that matches `pattern` as a whole."""
    compiled = re.compile(pattern)
    return Checked(
        lambda value: compiled.fullmatch(value) is not None,
        f"{rule}; write it like {example!r}",
        (("pattern", f"^{pattern}$"), ("examples", [example])),
    )


def between(low: float, high: float, unit: str) -> Checked:
    """A number from `low` to `high`, both included."""
    return Checked(
        lambda value: low <= value <= high,
        f"must be {low} to {high} {unit}; choose a number in that range",
        (("minimum", low), ("maximum", high)),
    )


def one_of(choices: tuple[str, ...] | tuple[int, ...], rule: str) -> Checked:
    """One of a closed list that is too long, or too numeric, for an enumeration."""
    return Checked(lambda value: value in choices, rule, (("enum", list(choices)),))


def listing(low: int, high: int, rule: str) -> Checked:
    """A list of `low` to `high` different items."""
    return Checked(
        lambda value: low <= len(value) <= high and len(set(value)) == len(value),
        rule,
        (("minItems", low), ("maxItems", high), ("uniqueItems", True)),
    )


def network(lowest: int, highest: int, rule: str, example: str) -> Checked:
    """An IPv4 network whose prefix has `lowest` to `highest` bits and whose host bits are zero."""

    def accepts(value: str) -> bool:
        try:
            return lowest <= ipaddress.IPv4Network(value).prefixlen <= highest
        except ValueError:
            return False

    return Checked(accepts, f"{rule}; write it like {example!r}", (("examples", [example]),))
