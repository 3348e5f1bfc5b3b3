"""The random provider: truly random, as the real one, since its values become passwords and keys."""

from __future__ import annotations

import base64
import secrets
import string
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from sandbox.cloud.backend import Asked, Backend, ProviderSettings
from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.checks.shape import check_object
from sandbox.cloud.values import UNKNOWN, Properties, Secret, Value, reveal

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud.world import Resource, World

# hashicorp/terraform-provider-random, internal/random/string.go
SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"
CLASSES: Final = {
    "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase,
    "numeric": string.digits,
    "special": SPECIAL,
}


def _text(inputs: Properties) -> str:
    """Draw a string: ``minUpper`` and its like from their class, the rest from every class that is not switched off."""
    classes = {name: CLASSES[name] for name in CLASSES if reveal(inputs.get(name)) is not False}
    override = reveal(inputs.get("overrideSpecial"))
    if "special" in classes and isinstance(override, str) and override:
        classes["special"] = override
    minimum = {name: inputs.get(f"min{name.capitalize()}") for name in classes}
    drawn = [secrets.choice(classes[name]) for name, count in minimum.items() for _ in range(_whole(count))]
    everything = "".join(classes.values())
    drawn += [secrets.choice(everything) for _ in range(_whole(inputs["length"]) - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def _whole(value: Value) -> int:
    value = reveal(value)
    return int(value) if isinstance(value, float | int) else 0


def _password(inputs: Properties) -> tuple[str, Properties]:
    return "none", {"result": Secret(_text(inputs))}


def _string(inputs: Properties) -> tuple[str, Properties]:
    result = _text(inputs)
    return result, {"result": result}


def _bytes(inputs: Properties) -> tuple[str, Properties]:
    drawn = secrets.token_bytes(_whole(inputs["length"]))
    return "none", {"base64": Secret(base64.b64encode(drawn).decode()), "hex": Secret(drawn.hex())}


def _identifier(inputs: Properties) -> tuple[str, Properties]:
    drawn = secrets.token_bytes(_whole(inputs["byteLength"]))
    prefix = reveal(inputs.get("prefix")) or ""
    url = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    return url, {
        "b64Std": f"{prefix}{base64.b64encode(drawn).decode()}",
        "b64Url": f"{prefix}{url}",
        "dec": f"{prefix}{int.from_bytes(drawn, 'big')}",
        "hex": f"{prefix}{drawn.hex()}",
    }


def _uuid(_inputs: Properties) -> tuple[str, Properties]:
    result = str(uuid.uuid4())
    return result, {"result": result}


MAKERS: Final[dict[str, Callable[[Properties], tuple[str, Properties]]]] = {
    "random:index/randomBytes:RandomBytes": _bytes,
    "random:index/randomId:RandomId": _identifier,
    "random:index/randomPassword:RandomPassword": _password,
    "random:index/randomString:RandomString": _string,
    "random:index/randomUuid:RandomUuid": _uuid,
}


class Random(Backend):
    """The random provider. A value is drawn once: every change replaces the resource."""

    @override
    def malformed(self, token: str, inputs: Properties) -> list[Failure]:
        """Check against the SDK's schema of the type."""
        kind = resource_type(token)
        known = () if token in MAKERS else (Failure("", f"the sandbox draws no {token}"),)
        return [*known, *check_object(inputs, kind.inputs, computed=kind.computed)]

    @override
    def fill(self, asked: Asked, settings: ProviderSettings) -> Properties:
        """Fill nothing in."""
        return asked.inputs

    @override
    def refusals(self, wanted: Resource, world: World) -> list[Failure]:
        """Refuse nothing more."""
        return []

    @override
    def fixed_name(self, resource: Resource) -> object:
        """Name nothing."""
        return None

    @override
    def create(self, wanted: Resource, world: World, settings: ProviderSettings) -> Resource:
        """Draw a value."""
        resource_id, drawn = MAKERS[wanted.type](wanted.inputs)
        return replace(wanted, id=resource_id, outputs={**wanted.inputs, **drawn})

    @override
    def update(self, wanted: Resource, old: Properties, world: World, settings: ProviderSettings) -> Properties:
        """Keep the value."""
        return {**old, **wanted.inputs}

    @override
    def foresee(self, wanted: Resource, old: Properties, world: World, settings: ProviderSettings) -> Properties:
        """Know nothing of a value that is not drawn yet."""
        return {**dict.fromkeys(resource_type(wanted.type).computed, UNKNOWN), **old, **wanted.inputs}
