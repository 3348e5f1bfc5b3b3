"""The refusals of the simulated cloud, by concern.

Each check is a pure function over one resource and the world, and yields what is wrong. What a program wants is checked
when the engine asks for it, so that a preview refuses already; only deletions are checked when they happen, since a
preview asks nothing about them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, TypeAlias

from sandbox.cloud.checks.durability import (
    check_auto_mode,
    check_failover,
    check_replica,
    check_restore,
    check_write_only,
)
from sandbox.cloud.checks.names import check_unique
from sandbox.cloud.checks.network import check_cidr, check_subnet, check_zones
from sandbox.cloud.checks.protection import check_final_snapshot, check_in_use, check_protected
from sandbox.cloud.checks.references import check_identifiers, check_names
from sandbox.cloud.checks.web_firewall import check_log_destination, check_web_acl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.cloud.checks.failure import Failure
    from sandbox.cloud.world import Resource, World

Check: TypeAlias = "Callable[[Resource, World], Iterator[Failure]]"

WANTED: Final[tuple[Check, ...]] = (
    check_identifiers,
    check_names,
    check_unique,
    check_cidr,
    check_subnet,
    check_zones,
    check_replica,
    check_restore,
    check_failover,
    check_auto_mode,
    check_write_only,
    check_web_acl,
    check_log_destination,
)
DELETED: Final[tuple[Check, ...]] = (check_protected, check_final_snapshot, check_in_use)


def run_checks(checks: tuple[Check, ...], resource: Resource, world: World) -> list[Failure]:
    """Run every check and give all failures."""
    return list(chain.from_iterable(check(resource, world) for check in checks))
