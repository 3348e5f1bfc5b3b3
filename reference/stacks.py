"""The stack files, for pages that say what they come to."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import yaml

from components.settings import Settings, parse

STACKS: Final = ("dev", "prod", "recovery")
"""Every stack that has a file, in the order in which pages name them."""
_ROOT: Final = Path(__file__).resolve().parents[1]


@cache
def stack_settings(stack: str) -> Settings:
    """What the file of a stack says."""
    file = cast("dict[str, Any]", yaml.safe_load((_ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")))
    return parse(file["config"]["tmi:stack"])
