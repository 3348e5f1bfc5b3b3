"""What the cloud gives back: inputs and computed outputs, deterministic and of the right form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.cloud.diff import is_write_only
from sandbox.cloud.outputs.attributes import ATTRIBUTES
from sandbox.cloud.outputs.identity import make_arn
from sandbox.cloud.values import UNKNOWN, Properties, Secret, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.cloud.catalogue import ResourceType
    from sandbox.cloud.outputs.making import Making

KNOWN_IN_PREVIEW: Final = frozenset({"region"})
"""What the provider's own configuration says."""


def visible(inputs: Properties) -> Properties:
    """Give the inputs that are read back: all but the write-only ones."""
    return {key: value for key, value in inputs.items() if not is_write_only(key)}


def compute(kind: ResourceType, making: Making, resource_id: str) -> Properties:
    """Compute the outputs that an AWS resource has beyond its inputs."""
    arn = resource_id if resource_id.startswith("arn:") and "arn" in kind.computed else make_arn(making, resource_id)
    # The provider repeats the id among the outputs, where policies read it: they are given no other.
    made: Properties = {"id": resource_id, **({"arn": arn} if "arn" in kind.computed else {})}
    maker = ATTRIBUTES.get(kind.token)
    if maker:
        made |= maker(making, resource_id, arn)
    if "region" in kind.outputs:
        made["region"] = making.place.region
    return made


def mask(kind: ResourceType, inputs: Properties, made: Properties, old: Mapping[str, Value]) -> Properties:
    """Give the outputs as a preview knows them: what only the cloud can say is unknown, unless it said so before."""
    computed = {name: old.get(name, UNKNOWN) for name in kind.computed}
    added: Properties = {
        name: value if name in KNOWN_IN_PREVIEW else _masked(value, inputs.get(name), old.get(name, UNKNOWN))
        for name, value in made.items()
    }
    return {**computed, **visible(inputs), **added}


def _masked(made: Value, wanted: Value, old: Value) -> Value:
    if isinstance(wanted, Secret):
        return wanted
    if isinstance(made, dict) and isinstance(wanted, dict):
        before = old if isinstance(old, dict) else {}
        return {key: _masked(value, wanted.get(key), before.get(key, UNKNOWN)) for key, value in made.items()}
    return old if wanted is None else wanted
