"""What is wrong with a stack file, one line a field: path, value, rule and way out."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_LONGEST_VALUE: Final = 60

_RULES: Final[dict[str, str]] = {
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number; write it without quotes",
    "float_type": "must be a number; write it without quotes",
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
    location = _Location.of(model, [part for part in detail["loc"] if part != "[key]"])
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        return Problem(location.path, f"is missing; add it: {' '.join(location.node['description'].split())}")
    if kind == "extra_forbidden":
        return Problem(location.path, f"is no field of this section; {_nearest(location)}")
    if kind in {"enum", "literal_error"}:
        return of_value(
            location.path, value, f"is no choice; choose one of {detail.get('ctx', {}).get('expected', '')}"
        )
    # With a name, the node is that of what belongs under it.
    if "discriminator" in location.node and "[key]" not in detail["loc"]:
        return _of_kind(location, value)
    rule = _RULES.get(kind, detail["msg"].removeprefix("Value error, "))
    return of_value(location.path, value, rule)


def _of_kind(location: _Location, value: object) -> Problem:
    """A choice between sections of which no kind, or no such kind, was chosen."""
    choices = " or ".join(map(repr, location.node["discriminator"]["mapping"]))
    if not isinstance(value, dict):
        return of_value(location.path, value, f"must be a section; write `kind:` below it, one of {choices}")
    kind = cast("dict[str, object]", value).get("kind")
    if kind is None:
        return Problem(f"{location.path}.kind", f"is missing; choose one of {choices}")
    return of_value(f"{location.path}.kind", kind, f"is no choice; choose one of {choices}")


def _nearest(location: _Location) -> str:
    known = sorted(location.siblings)
    close = difflib.get_close_matches(location.path.rsplit(".", 1)[-1], known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"remove it, or use one of {', '.join(known)}"


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


@dataclass(frozen=True, slots=True)
class _Location:
    """A place in the document, as the model's JSON schema describes it."""

    path: str
    """As people write it: without the kinds that pydantic puts between a union and its fields."""
    node: dict[str, Any]
    """The schema of what belongs there; empty where nothing does."""
    siblings: frozenset[str]
    """The fields that may stand beside it."""

    @classmethod
    def of(cls, model: type[BaseModel], location: Iterable[int | str]) -> _Location:
        schema = _schema(model)
        definitions: dict[str, dict[str, Any]] = schema.get("$defs", {})

        def resolved(node: dict[str, Any]) -> dict[str, Any]:
            reference: str = node.get("$ref", "")
            return {**definitions.get(reference.rsplit("/", 1)[-1], {}), **node}

        path: list[str] = []
        node, siblings = schema, frozenset[str]()
        for part in location:
            kinds: dict[str, str] = node.get("discriminator", {}).get("mapping", {})
            if part in kinds:
                node = resolved({"$ref": kinds[str(part)]})
                continue
            path.append(str(part))
            properties: dict[str, dict[str, Any]] = node.get("properties", {})
            siblings = frozenset(properties)
            names: dict[str, dict[str, Any]] = node.get("patternProperties", {})  # a mapping by name
            below = properties.get(str(part)) or next(iter(names.values()), None) or node.get("items", {})
            node = resolved(below)
        return cls(".".join(path), node, siblings)
