"""The instance classes a stack file may name, with what the platform has to know of them."""

from __future__ import annotations

from typing import Final

_SIZES: Final = {"large": 2, "xlarge": 4, "2xlarge": 8, "4xlarge": 16, "8xlarge": 32, "12xlarge": 48, "16xlarge": 64}
"""vCPU by size; the same in every family below."""

_MEMORY_PER_VCPU: Final = {
    "m6g": 4, "m6i": 4, "m7g": 4, "m7i": 4, "m8g": 4,
    "r6g": 8, "r6i": 8, "r7g": 8, "r7i": 8, "r8g": 8,
}  # fmt: skip
"""GiB a vCPU by family."""

DATABASE_CLASSES: Final[dict[str, int]] = {
    "db.t4g.micro": 1,
    "db.t4g.small": 2,
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    **{
        f"db.{family}.{size}": vcpu * memory
        for family, memory in _MEMORY_PER_VCPU.items()
        for size, vcpu in _SIZES.items()
    },
}
"""Memory in GiB of each class of RDS for PostgreSQL. Source: Amazon RDS User Guide, hardware specifications."""

CACHE_NODE_TYPES: Final[tuple[str, ...]] = (
    "cache.t4g.micro",
    "cache.t4g.small",
    "cache.t4g.medium",
    *(f"cache.{family}.{size}" for family in ("m6g", "m7g", "r6g", "r7g") for size in _SIZES),
)
"""Node types of ElastiCache. Source: Amazon ElastiCache User Guide, supported node types."""

CONNECTIONS_SHARE: Final = 0.7
"""Of the connections a class allows: above it an alarm rings, so no stack may need more in ordinary operation."""


def max_connections(instance_class: str) -> int:
    """How many connections RDS for PostgreSQL allows on a class by default.

    RDS computes `LEAST(DBInstanceClassMemory / 9531392, 5000)`. Its memory is the class's less what the operating
    system and RDS take, so the true figure is somewhat lower. Source: Amazon RDS User Guide, quotas and constraints.
    """
    return min(DATABASE_CLASSES[instance_class] * 2**30 // 9_531_392, 5_000)


def usable_connections(instance_class: str) -> int:
    """How many of them may be in use before the alarm rings."""
    return int(max_connections(instance_class) * CONNECTIONS_SHARE)
