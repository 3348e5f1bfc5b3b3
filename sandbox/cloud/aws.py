"""The AWS provider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from sandbox.cloud.backend import Asked, Backend, ProviderSettings
from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.checks import WANTED, run_checks
from sandbox.cloud.checks.shape import check_object
from sandbox.cloud.diff import is_write_only
from sandbox.cloud.naming import is_made_up, with_auto_name
from sandbox.cloud.outputs import compute, mask, visible
from sandbox.cloud.outputs.identity import make_id
from sandbox.cloud.outputs.making import Making, Place, seed_of
from sandbox.cloud.unique_names import unique_name
from sandbox.cloud.values import UNKNOWN, Properties, Secret, Value, reveal
from sandbox.cloud.world import Resource, World, type_of

if TYPE_CHECKING:
    from sandbox.cloud.checks.failure import Failure


class Aws(Backend):
    """AWS as far as the sandbox needs it."""

    @override
    def malformed(self, token: str, inputs: Properties) -> list[Failure]:
        """Check against the SDK's schema of the type."""
        kind = resource_type(token)
        return list(check_object(inputs, kind.inputs, computed=kind.computed))

    @override
    def fill(self, asked: Asked, settings: ProviderSettings) -> Properties:
        """Fill in the physical name and all tags, and keep write-only arguments secret."""
        kind = resource_type(type_of(asked.urn))
        inputs = with_auto_name(kind, asked.name, asked.seed, asked.inputs, asked.old_inputs)
        inputs = {key: _guarded(key, value) for key, value in inputs.items()}
        if "tagsAll" in kind.computed:
            # As pulumi-aws 7 does before Check, so that changed default tags show in previews (pulumi/pulumi-aws#5522).
            tags = inputs.get("tags")
            inputs["tagsAll"] = tags if tags is UNKNOWN else {**settings.default_tags, **(_mapping(tags))}
        return inputs

    @override
    def refusals(self, wanted: Resource, world: World) -> list[Failure]:
        """Run every check."""
        return run_checks(WANTED, wanted, world)

    @override
    def fixed_name(self, resource: Resource) -> object:
        """Give the unique properties, unless the provider made the name up."""
        made_up = is_made_up(resource_type(resource.type), resource.name, resource.inputs)
        return None if made_up else unique_name(resource)

    @override
    def create(self, wanted: Resource, world: World, settings: ProviderSettings) -> Resource:
        """Make the id and the computed outputs; they depend on nothing but the resource, so that runs repeat."""
        # A new version beside the old one, with the same inputs, gets another id where AWS numbers the type; it cannot
        # have another where the id is the name.
        salt = sum(made.urn == wanted.urn for made in world.made())
        seed = seed_of(wanted.urn, wanted.inputs, salt)
        resource_id = make_id(_making(wanted, seed, world, settings))
        outputs = self.update(replace(wanted, id=resource_id), {}, world, settings)
        return replace(wanted, id=resource_id, outputs=outputs)

    @override
    def update(self, wanted: Resource, old: Properties, world: World, settings: ProviderSettings) -> Properties:
        """Compute the outputs anew; what is not computed here stays as it was."""
        kind = resource_type(wanted.type)
        made = compute(kind, _making(wanted, wanted.id, world, settings), wanted.id)
        kept = {name: value for name, value in old.items() if name in kind.computed}
        return {**kept, **visible(wanted.inputs), **_unless_given(made, wanted.inputs)}

    @override
    def foresee(self, wanted: Resource, old: Properties, world: World, settings: ProviderSettings) -> Properties:
        """Compute the outputs and hide what only the cloud can say."""
        kind = resource_type(wanted.type)
        seed = wanted.id or seed_of(wanted.urn, wanted.inputs, 0)
        made = compute(kind, _making(wanted, seed, world, settings), wanted.id or "unknown")
        return mask(kind, wanted.inputs, made, old)


def _guarded(name: str, value: Value) -> Value:
    return Secret(value) if is_write_only(name) and value is not None and not isinstance(value, Secret) else value


def _mapping(value: Value) -> Properties:
    value = reveal(value)
    return value if isinstance(value, dict) else {}


def _unless_given(made: Properties, inputs: Properties) -> Properties:
    """Leave out what the program gave itself, but for objects, which the cloud adds to."""
    return {name: value for name, value in made.items() if inputs.get(name) is None or isinstance(value, dict)}


def _making(wanted: Resource, seed: str, world: World, settings: ProviderSettings) -> Making:
    inputs: Properties = {name: reveal(value) for name, value in wanted.inputs.items()}
    region = inputs.get("region")
    place = Place(settings.place.account, region) if isinstance(region, str) else settings.place
    return Making(wanted.type, seed, inputs, place, world)
