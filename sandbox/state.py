"""What the engine's file backend says of a stack, read without the engine: it is one JSON file a stack.

A fraction of a second cheaper than asking the CLI, and secrets stay ciphertext: nothing read here can leak one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key by which the engine marks a special value in state (`resource.SigKey` of Pulumi's Go SDK)."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- a type tag: `resource.SecretSig`
UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What a preview has for a value that only the cloud can tell (`plugin.UnknownStringValue`)."""
STACK_TYPE: Final = "pulumi:pulumi:Stack"


def read_deployment(state_file: Path) -> dict[str, Any] | None:
    """Return the deployment in a state file, as `pulumi stack export` has it; None before the first run."""
    if not state_file.is_file():
        return None
    document = cast("dict[str, Any]", json.loads(state_file.read_text()))
    return cast("dict[str, Any] | None", document.get("checkpoint", {}).get("latest"))


def resources(deployment: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the resources of a deployment in the order they were made; none for None."""
    return cast("list[dict[str, Any]]", (deployment or {}).get("resources") or [])


def outputs(deployment: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the stack's outputs by name, secrets as `[secret]`."""
    roots = [resource for resource in resources(deployment) if resource["type"] == STACK_TYPE]
    return cast("dict[str, Any]", mask(roots[0].get("outputs", {}))) if roots else {}


def mask(value: object) -> object:
    """Replace every secret in a value by `[secret]` and every unknown one by `[unknown]`, however deep."""
    if isinstance(value, dict):
        mapping = cast("dict[str, object]", value)
        if mapping.get(SIGNATURE) == SECRET:
            return "[secret]"
        return {key: mask(inner) for key, inner in mapping.items()}
    if isinstance(value, list):
        return [mask(inner) for inner in cast("list[object]", value)]
    return "[unknown]" if value == UNKNOWN else value
