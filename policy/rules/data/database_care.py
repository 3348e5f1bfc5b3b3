"""Databases in the hands of people: who the master is, when changes come, what is left when one is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.replicas import DATABASE, primaries
from policy.facts.tiers import for_development, is_disposable
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import UNKNOWN, present, show

_CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_GUESSED: Final = ("admin", "master", "postgres", "rdsadmin", "root")
_INHERITED: Final = ("replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime", "s3Import")
"""What brings a master user along."""
_AT_ONCE: Final[Mapping[str, str]] = {DATABASE: "applyImmediately", _CACHE: "applyImmediately"}


def masters_named(instance: Resource) -> Iterator[Violation]:
    """The master user of no instance has a name that everybody tries first."""
    name = instance.get("username")
    if any(present(instance.get(origin)) for origin in _INHERITED) and name is None:
        return
    if not isinstance(name, str) or name.lower() in _GUESSED:
        yield Violation(instance, f"username must be known, and none of {', '.join(_GUESSED)}")


def backups_outlive(graph: Graph) -> Iterator[Violation]:
    """The automated backups of a primary of production stay when it is deleted."""
    for instance in primaries(graph):
        kept = instance.get("deleteAutomatedBackups")
        if kept is not False and not for_development(graph, instance):  # absent: true
            yield Violation(instance, f"deleteAutomatedBackups is {show(kept)}; it must be false in production")


def storage_grows(graph: Graph) -> Iterator[Violation]:
    """The storage of each database of production grows by itself."""
    for instance in graph.of_type(DATABASE):
        if for_development(graph, instance):
            continue
        most, now = instance.get("maxAllocatedStorage"), instance.get("allocatedStorage")
        if most is UNKNOWN or not isinstance(most, int) or most <= (now if isinstance(now, int) else 0):  # absent: 0
            yield Violation(instance, f"maxAllocatedStorage is {show(most)}; it must be more than allocatedStorage")


def changes_wait(graph: Graph) -> Iterator[Violation]:
    """Changes to databases and caches of production wait for the maintenance window."""
    for resource in graph.of_type(*_AT_ONCE):
        name = _AT_ONCE[resource.type]
        if resource.get(name) not in (None, False) and not for_development(graph, resource):  # absent: false
            yield Violation(resource, f"{name} is {show(resource.get(name))}; it must be false in production")


def caches_leave_snapshot(graph: Graph) -> Iterator[Violation]:
    """A cache of production leaves a last snapshot, unless what it holds can be made again."""
    for cache in graph.of_type(_CACHE):
        if for_development(graph, cache) or is_disposable(graph, cache):
            continue
        if not present(cache.get("finalSnapshotIdentifier")):
            yield Violation(cache, "finalSnapshotIdentifier must name the last snapshot in production")


MASTERS_NAMED: Final = ResourceRule(
    about=Description(
        id="masters-named",
        title="Master users of databases have names of their own",
        severity=Severity.MEDIUM,
        frameworks=("FSBP RDS.25",),
        why="Half of a password is the name, and these are tried first.",
        remediation="Give username another name; RDS makes the instance anew for it.",
    ),
    types=frozenset({DATABASE}),
    check=masters_named,
)
BACKUPS_OUTLIVE: Final = GraphRule(
    about=Description(
        id="backups-outlive-databases",
        title="Automated backups of production stay when their database is deleted",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.11", "WA REL09"),
        why="RDS deletes them with the instance by default, and they alone reach back to any second.",
        remediation="Set deleteAutomatedBackups to false.",
    ),
    check=backups_outlive,
)
STORAGE_GROWS: Final = GraphRule(
    about=Description(
        id="storage-grows",
        title="Storage of databases of production grows by itself",
        severity=Severity.MEDIUM,
        frameworks=("WA REL07",),
        why="A database whose disk is full stops, and refuses to be changed for hours after each extension by hand.",
        remediation="Set maxAllocatedStorage above allocatedStorage.",
    ),
    check=storage_grows,
)
CHANGES_WAIT: Final = GraphRule(
    about=Description(
        id="changes-wait",
        title="Changes to databases and caches of production wait for their window",
        severity=Severity.MEDIUM,
        frameworks=("WA OPS06", "WA REL08"),
        why="A new instance class or parameter restarts the server: at noon, if nobody says otherwise.",
        remediation="Leave applyImmediately out; set it for the one deployment that cannot wait.",
    ),
    check=changes_wait,
)
CACHES_LEAVE_SNAPSHOT: Final = GraphRule(
    about=Description(
        id="caches-leave-snapshot",
        title="Caches of production leave a last snapshot",
        severity=Severity.MEDIUM,
        frameworks=("FSBP ElastiCache.1", "WA REL09"),
        why="ElastiCache deletes a cache with its snapshots; what was in it is gone without a last one.",
        remediation="Set finalSnapshotIdentifier, or tag what can be made again tmi:disposable=true.",
    ),
    check=caches_leave_snapshot,
)
