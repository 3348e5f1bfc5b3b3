"""The project's own stack files, as data a test may change."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import yaml

ROOT: Final = Path(__file__).parent.parent
STACKS: Final = ("dev", "prod", "recovery")
OAUTH_SECRETS: Final[Mapping[str, object]] = {"tmi:oauthSecrets": {"corporate": "client-secret-of-a-test"}}
"""What an operator sets for the dev stack."""
GIVEN_SECRETS: Final[Mapping[str, object]] = {
    **OAUTH_SECRETS,
    "tmi:canarySecrets": {"deep-check": "canary-secret-of-a-test"},
}
"""What an operator sets by `pulumi config set --secret`; the committed files hold no secret."""


@cache
def _file(stack: str) -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text()))


def stack_file(stack: str) -> dict[str, Any]:
    """The whole file; a copy."""
    return copy.deepcopy(_file(stack))


def document(stack: str = "dev") -> dict[str, Any]:
    """The value of `tmi:stack`; a copy."""
    return cast("dict[str, Any]", stack_file(stack)["config"]["tmi:stack"])


def changed(stack: str, **fields: object) -> dict[str, Any]:
    """The same with fields set by path, double underscores for dots: `database__instances__main__multi_az=True`."""
    whole = document(stack)
    for path, value in fields.items():
        *parents, last = path.split("__")
        node = whole
        for parent in parents:
            node = cast("dict[str, Any]", node[parent])
        node[last] = value
    return whole
