"""Physical names that exist already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.unique_names import unique_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud.world import Resource, World


def check_unique(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse a name that another resource of the type holds in the same place."""
    mine = unique_name(wanted)
    if mine is None:
        return
    for other in world.of_type(wanted.type):
        if other.urn != wanted.urn and unique_name(other) == mine:
            held = ", ".join(f"{name} {value}" for name, value in mine)
            named = [name for name, _ in mine if name != "region"][-1]
            yield Failure(named, f"already exists: {other.name} has the same {held}; give one of them another")
