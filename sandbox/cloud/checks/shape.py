"""Inputs against the provider's schema: no unknown property, none missing, each of the right type."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from sandbox.cloud.catalogue import Fields, Kind, Shape, fields, shapes
from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.values import UNKNOWN, Value, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PYTHON_TYPES: dict[Kind, type | tuple[type, ...]] = {
    Kind.STRING: str,
    Kind.NUMBER: (int, float),
    Kind.BOOLEAN: bool,
    Kind.LIST: list,
    Kind.MAP: dict,
    Kind.OBJECT: dict,
}


def check_object(
    values: Mapping[str, Value], schema: Fields, path: str = "", computed: frozenset[str] = frozenset()
) -> Iterator[Failure]:
    """Check an object against its fields; ``computed`` names what a resource gives but does not take."""
    prefix = f"{path}." if path else ""
    for name in sorted(schema.required):
        if values.get(name) is None:
            yield Failure(f"{prefix}{name}", "missing: the provider requires it")
    for name, value in values.items():
        if name in schema.types:
            yield from _check_value(value, schema.types[name], f"{prefix}{name}")
        elif name in computed:
            yield Failure(f"{prefix}{name}", "is an output: only the cloud can set it")
        else:
            yield Failure(f"{prefix}{name}", f"unknown property{_suggestion(name, schema)}")


def _suggestion(name: str, schema: Fields) -> str:
    near = difflib.get_close_matches(name, schema.types, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(sorted(schema.types))}"


def _check_value(value: Value, annotation: Any, path: str) -> Iterator[Failure]:  # noqa: ANN401 - an SDK annotation
    value = reveal(value)
    if value is None or value is UNKNOWN:
        return
    alternatives = shapes(annotation)
    fitting = [shape for shape in alternatives if _fits(value, shape)]
    if not fitting:
        wanted = " or ".join(dict.fromkeys(shape.kind.value for shape in alternatives))
        yield Failure(path, f"must be {wanted}, not {_kind_of(value)}")
        return
    shape = fitting[0]
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _check_value(item, shape.element, f"{path}[{index}]")
    elif isinstance(value, dict) and shape.kind is Kind.MAP:
        for key, item in value.items():
            yield from _check_value(item, shape.element, f"{path}[{key!r}]")
    elif isinstance(value, dict) and shape.kind is Kind.OBJECT:
        yield from check_object(value, fields(shape.element), path)


def _fits(value: Value, shape: Shape) -> bool:
    if shape.kind is Kind.ANYTHING:
        return True
    if isinstance(value, bool):
        return shape.kind is Kind.BOOLEAN
    return isinstance(value, PYTHON_TYPES[shape.kind])


def _kind_of(value: Value) -> str:
    if isinstance(value, bool):
        return Kind.BOOLEAN.value
    return next((kind.value for kind, python in PYTHON_TYPES.items() if isinstance(value, python)), "null")
