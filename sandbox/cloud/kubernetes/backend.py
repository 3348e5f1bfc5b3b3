"""The Kubernetes provider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from sandbox.cloud.backend import Asked, Backend, ProviderSettings
from sandbox.cloud.kubernetes.checks import check_object
from sandbox.cloud.kubernetes.objects import identity, is_autonamed, kind_of, object_id, with_defaults
from sandbox.cloud.values import Properties, Secret

if TYPE_CHECKING:
    from sandbox.cloud.checks.failure import Failure
    from sandbox.cloud.world import Resource, World


class Kubernetes(Backend):
    """A cluster that stores objects and runs nothing."""

    @override
    def malformed(self, token: str, inputs: Properties) -> list[Failure]:
        """Leave the schema to the cluster, since its version decides."""
        return []

    @override
    def fill(self, asked: Asked, settings: ProviderSettings) -> Properties:
        """Fill in name and namespace, and keep a Secret's values secret, as the provider does."""
        inputs = with_defaults(asked.inputs, asked.old_inputs, asked.name, asked.seed)
        if (inputs.get("apiVersion"), kind_of(inputs)) == ("v1", "Secret"):
            for name in ("data", "stringData"):
                value = inputs.get(name)
                if value is not None and not isinstance(value, Secret):
                    inputs = {**inputs, name: Secret(value)}
        return inputs

    @override
    def refusals(self, wanted: Resource, world: World) -> list[Failure]:
        """Run every check."""
        return check_object(wanted, world)

    @override
    def fixed_name(self, resource: Resource) -> object:
        """Give kind, namespace and name, unless the provider made the name up."""
        return None if is_autonamed(resource.inputs) else identity(resource.inputs)

    @override
    def create(self, wanted: Resource, world: World, settings: ProviderSettings) -> Resource:
        """Store the object."""
        return replace(wanted, id=object_id(wanted.inputs), outputs=wanted.inputs)

    @override
    def update(self, wanted: Resource, old: Properties, world: World, settings: ProviderSettings) -> Properties:
        """Store the object anew."""
        return wanted.inputs

    @override
    def foresee(self, wanted: Resource, old: Properties, world: World, settings: ProviderSettings) -> Properties:
        """Know the object: nothing in it is computed."""
        return wanted.inputs
