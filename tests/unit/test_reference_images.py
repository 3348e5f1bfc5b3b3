"""The page of images names what the stacks run, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest

from components.settings import parse
from reference.images import IMAGES, page, versions
from tests.stack_files import STACKS, changed, document
from tests.stacks.program import recorded


def images(value: object) -> Iterator[str]:
    """Every image named anywhere in an object of Kubernetes."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if isinstance(image := fields.get("image"), str):
            yield image
        for inner in fields.values():
            yield from images(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from images(inner)


def named(stack: str) -> set[str]:
    settings = parse(document(stack))
    return {f"{image.repository}:{getattr(settings.server.images, image.field)}" for image in IMAGES}


def run(stack: str) -> set[str]:
    return {
        image.split("/public/", 1)[1]
        for resource in recorded(stack).resources
        if resource.type.startswith("kubernetes:")
        for image in images(resource.inputs)
        if "/public/" in image
    }


@pytest.mark.parametrize("stack", STACKS)
def test_it_names_every_image_that_is_not_tmis(stack: str) -> None:
    assert run(stack)
    assert run(stack) <= named(stack)


def test_every_image_it_names_runs_in_a_stack() -> None:
    assert run("prod") == named("prod")


def test_every_row_has_its_version() -> None:
    text = page()
    for image in IMAGES:
        (row,) = [line for line in text.splitlines() if f"`{image.repository}`" in line]
        assert f"`{getattr(parse(document('prod')).server.images, image.field)}`" in row


def test_stacks_that_differ_are_told_apart() -> None:
    haproxy = next(image for image in IMAGES if image.field == "haproxy")
    stacks = {"dev": parse(changed("dev", server__images__haproxy="3.3.1")), "prod": parse(document("prod"))}
    assert versions(haproxy, stacks) == "dev `3.3.1`, prod `3.2.22`"
