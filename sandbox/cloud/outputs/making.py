"""One resource in the making: what computed outputs are computed from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from sandbox.cloud.values import UNKNOWN, Properties, Secret, Unknown, Value

if TYPE_CHECKING:
    from sandbox.cloud.world import World

DEFAULT_ACCOUNT: Final = "000000000000"
DEFAULT_REGION: Final = "us-east-1"
BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a provider works."""

    account: str = DEFAULT_ACCOUNT
    region: str = DEFAULT_REGION


@dataclass(frozen=True, slots=True)
class Making:
    """A resource's inputs and where it is made."""

    token: str
    seed: str
    """What its generated parts are derived from: the same seed gives the same ids and endpoints."""
    inputs: Properties
    place: Place
    world: World

    def text(self, name: str, default: str = "") -> str:
        """Give a string property; the default where it is absent, unknown or not a string."""
        value = self.inputs.get(name)
        return value if isinstance(value, str) else default

    def texts(self, name: str) -> list[str]:
        """Give the known strings of a list property."""
        value = self.inputs.get(name)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def whole(self, name: str, default: int) -> int:
        """Give a whole number."""
        value = self.inputs.get(name)
        return int(value) if isinstance(value, float | int) else default

    def digest(self, label: str, length: int) -> str:
        """Make hexadecimal digits of this resource; different labels give different digits."""
        return hashlib.sha256(f"{self.seed}|{label}".encode()).hexdigest()[:length]

    def capitals(self, label: str, length: int) -> str:
        """Make capital letters and digits of this resource."""
        return "".join(BASE32[byte % 32] for byte in hashlib.sha256(f"{self.seed}|{label}".encode()).digest()[:length])

    def uuid(self, label: str) -> str:
        """Make a UUID of this resource."""
        d = self.digest(label, 32)
        return f"{d[:8]}-{d[8:12]}-4{d[13:16]}-8{d[17:20]}-{d[20:]}"

    def output_of(self, identity: str, name: str) -> Value:
        """Give a property of the resource behind an id or ARN."""
        resource = self.world.by_identity(identity)
        return resource.get(name) if resource else None


def seed_of(urn: str, inputs: Properties, salt: int) -> str:
    """Give what a new resource's ids are derived from; secrets have no part in it, since ids are public."""
    return f"{urn}|{json.dumps(inputs, sort_keys=True, default=_public)}|{salt}"


def _public(value: Secret | Unknown) -> str:
    return "unknown" if value is UNKNOWN else "secret"


Maker: TypeAlias = Callable[[Making, str, str], Properties]
"""Gets a resource in the making, its id and its ARN; gives what the cloud would add to the inputs."""
