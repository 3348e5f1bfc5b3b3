"""What the simulated cloud does for each provider, behind one interface."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sandbox.cloud.outputs.making import Place
from sandbox.cloud.values import Properties, Value, reveal

if TYPE_CHECKING:
    from sandbox.cloud.checks.failure import Failure
    from sandbox.cloud.world import Resource, World


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """What the program says to a provider."""

    place: Place = field(default_factory=Place)
    default_tags: dict[str, str] = field(default_factory=dict)
    switches: frozenset[str] = frozenset()
    """The settings that are on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A resource as the program asks for it, before the provider has filled anything in."""

    urn: str
    name: str
    inputs: Properties
    old_inputs: Properties
    """Empty for a new resource."""
    seed: bytes
    """The engine's seed for made-up names."""


class Backend(Protocol):
    """One provider's side of the cloud."""

    def malformed(self, token: str, inputs: Properties) -> list[Failure]:
        """Say what the provider's schema does not allow."""
        ...

    def fill(self, asked: Asked, settings: ProviderSettings) -> Properties:
        """Fill in what the program leaves to the provider. Raises ``NameTooLongError``."""
        ...

    def refusals(self, wanted: Resource, world: World) -> list[Failure]:
        """Say why the cloud would not make or change a resource to this."""
        ...

    def fixed_name(self, resource: Resource) -> object:
        """Give the physical name, if the program chose it and no other resource may have it; else ``None``."""
        ...

    def create(self, wanted: Resource, world: World, settings: ProviderSettings) -> Resource:
        """Give the resource as made, with its id and outputs."""
        ...

    def update(self, wanted: Resource, old: Properties, world: World, settings: ProviderSettings) -> Properties:
        """Give the outputs after a change; ``old`` are those before."""
        ...

    def foresee(self, wanted: Resource, old: Properties, world: World, settings: ProviderSettings) -> Properties:
        """Give the outputs as far as a preview knows them."""
        ...


def parse_settings(properties: Properties) -> ProviderSettings:
    """Read a provider's configuration, in which whatever is not a string arrives as JSON."""
    values = {key: parse_setting(reveal(value)) for key, value in properties.items()}
    accounts, region, tags = values.get("allowedAccountIds"), values.get("region"), values.get("defaultTags")
    known = reveal(tags.get("tags")) if isinstance(tags, dict) else None
    place = Place()
    return ProviderSettings(
        place=Place(
            account=str(accounts[0]) if isinstance(accounts, list) and accounts else place.account,
            region=region if isinstance(region, str) else place.region,
        ),
        default_tags={key: str(value) for key, value in known.items()} if isinstance(known, dict) else {},
        switches=frozenset(key for key, value in values.items() if value is True),
    )


def parse_setting(value: Value) -> Value:
    """Read one setting: JSON where it is JSON, else the string itself."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
