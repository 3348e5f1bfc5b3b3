"""How the engine's protocol marks a value as a secret, for tests that ask whether it is one."""

from __future__ import annotations

from typing import Any


def secret(value: object) -> dict[str, Any]:
    """`value` as the recorder sees it in a resource's inputs. Source: Pulumi SDK, runtime/rpc.py."""
    return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": value}
