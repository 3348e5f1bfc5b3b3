"""Stack files as operators read and write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest
import yaml

from components.settings import parse
from components.settings.schema import stack_file_schema
from tests.stack_files import STACKS, document


def disordered(written: object, model: object, at: str = "") -> Iterator[str]:
    """Where fields do not stand as in the model."""
    if isinstance(written, dict) and isinstance(model, dict):
        fields, known = cast("dict[str, object]", written), cast("dict[str, object]", model)
        if list(fields) != [name for name in known if name in fields]:
            yield at
        for name, value in fields.items():
            yield from disordered(value, known[name], f"{at}.{name}")


@pytest.mark.parametrize("stack", STACKS)
def test_fields_stand_in_one_order_in_every_file(stack: str) -> None:
    whole = document(stack)
    assert list(disordered(whole, parse(whole).model_dump())) == []


def words(node: object) -> Iterator[str]:
    """Every word among which a file may choose."""
    if isinstance(node, Mapping):
        fields = cast("Mapping[str, Any]", node)
        if fields.get("type") == "string":
            yield from fields.get("enum", [])
            yield from [fields["const"]] if "const" in fields else []
        for value in fields.values():
            yield from words(value)
    elif isinstance(node, list):
        for value in cast("list[object]", node):
            yield from words(value)


def test_no_choice_needs_quotes() -> None:
    choices = set(words(stack_file_schema()))
    assert {"none", "enabled", "hub_and_pool", "info"} < choices
    assert [word for word in sorted(choices) if yaml.safe_load(word) != word] == []
