"""What is wrong with a stack file, one line a field: path, value, rule and way out."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_LONGEST_VALUE: Final = 60

_RULES: Final[dict[str, str]] = {
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number; write it without quotes",
    "bool_type": "must be true or false; write one of them without quotes",
    "tuple_type": "must be a list; write one item a line after a dash",
    "dict_type": "must be a mapping of names; write `name:` and its fields below",
    "model_type": "must be a section with fields; write them below it",
}
"""Pydantic's error types that a stack file can cause and whose own words do not say the way out."""


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One line of refusal."""

    path: str
    """The field, as in `network.zones.0`; the root is `tmi:stack`."""
    message: str
    """Value, rule and way out."""

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def of_value(path: str, value: object, rule: str) -> Problem:
    """A problem with a value that is there."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    shown = text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
    return Problem(path, f"{shown} {rule}")


def of_validation(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Every problem pydantic found in a document for `model`."""
    return [_of_detail(detail, model) for detail in error.errors(include_url=False)]


def _of_detail(detail: ErrorDetails, model: type[BaseModel]) -> Problem:
    location = [part for part in detail["loc"] if part != "[key]"]
    path = ".".join(map(str, location))
    kind = detail["type"]
    if kind == "missing":
        return Problem(path, f"is missing; add it: {_described(model, location)}")
    if kind == "extra_forbidden":
        return Problem(path, f"is no field of this section; {_nearest(model, location)}")
    if kind in {"enum", "literal_error"}:
        expected = detail.get("ctx", {}).get("expected", "")
        return of_value(path, detail["input"], f"is no choice; choose one of {expected}")
    rule = _RULES.get(kind, detail["msg"].removeprefix("Value error, "))
    return of_value(path, detail["input"], rule)


def _described(model: type[BaseModel], location: Iterable[int | str]) -> str:
    *parents, last = location
    description: str = _fields(model, parents)[str(last)]["description"]
    return " ".join(description.split())


def _nearest(model: type[BaseModel], location: Iterable[int | str]) -> str:
    *parents, last = location
    known = sorted(_fields(model, parents))
    close = difflib.get_close_matches(str(last), known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"remove it, or use one of {', '.join(known)}"


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _fields(model: type[BaseModel], location: Iterable[int | str]) -> Mapping[str, Mapping[str, Any]]:
    """The properties of the section at `location`, from the model's JSON schema."""
    schema = _schema(model)
    definitions: dict[str, dict[str, Any]] = schema.get("$defs", {})

    def resolved(node: dict[str, Any]) -> dict[str, Any]:
        reference: str = node.get("$ref", "")
        return {**definitions.get(reference.rsplit("/", 1)[-1], {}), **node}

    node = schema
    for part in location:
        below: dict[str, Any] | None = node.get("properties", {}).get(part)
        names: dict[str, dict[str, Any]] = node.get("patternProperties", {})  # a mapping by name
        node = resolved(below or next(iter(names.values()), None) or node["items"])
    properties: dict[str, dict[str, Any]] = node["properties"]
    return {name: resolved(field) for name, field in properties.items()}
