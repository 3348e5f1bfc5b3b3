"""Topologies with a pool, for tests that change a stack file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

POOL: Final[Mapping[str, Any]] = {
    "kind": "hub_and_pool",
    "pool": {
        "minimum": 2,
        "maximum": 4,
        "resources": {"cpu_millis": 500, "memory_mib": 1024},
        "cpu_target_percent": 60,
        "memory_target_percent": 85,
    },
}
"""A topology that is right where nothing else is changed."""
LARGE_POOL: Final[Mapping[str, Any]] = {
    **POOL,
    "pool": {**POOL["pool"], "maximum": 20, "resources": {"cpu_millis": 550, "memory_mib": 1024}},
}
"""As large as it may be: 23 pods of it in a rollout."""
