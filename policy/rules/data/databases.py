"""Databases: no PostgreSQL instance is public, out of sight, out of date or beyond recovery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.replicas import DATABASE, in_same_region, source
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import elements, present, show

_SUBNET_GROUP: Final = "aws:rds/subnetGroup:SubnetGroup"
_SNAPSHOTS: Final = (
    "aws:rds/snapshot:Snapshot",
    "aws:rds/snapshotCopy:SnapshotCopy",
    "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy",
    "aws:rds/clusterSnapshot:ClusterSnapshot",
)
_BACKUP_DAYS: Final = 7
"""The least that AWS Security Hub accepts for control RDS.11."""
_AUTHORITIES: Final = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")
"""The certificate authorities that have not expired and renew servers' certificates by themselves.
Source: Amazon RDS User Guide, using SSL/TLS to encrypt a connection to a DB instance."""


def databases_private(graph: Graph) -> Iterator[Violation]:
    """No instance has a public address, and each stands in a subnet group of the stack, its own or an inherited one."""
    for instance in graph.of_type(DATABASE):
        public = instance.get("publiclyAccessible")
        if public not in (None, False):  # absent: the provider asks for a private one
            yield Violation(instance, f"publiclyAccessible is {show(public)}; it must be false")
        primary = source(graph, instance)
        inherits = primary is not None and in_same_region(graph, primary, instance)
        owner = primary if primary and inherits and not present(instance.get("dbSubnetGroupName")) else instance
        if not graph.references(owner, "dbSubnetGroupName", {_SUBNET_GROUP}):
            yield Violation(instance, "dbSubnetGroupName must name a subnet group of this stack")
    for snapshot in graph.of_type(*_SNAPSHOTS):
        if present(snapshot.get("sharedAccounts")):
            yield Violation(snapshot, "sharedAccounts must be absent: whoever it names restores all of the data")


def databases_watched(instance: Resource) -> Iterator[Violation]:
    """Each instance, replicas too, delivers its log, its statements' statistics and its operating system's metrics."""
    if "postgresql" not in elements(instance.get("enabledCloudwatchLogsExports")):
        yield Violation(instance, "enabledCloudwatchLogsExports must hold postgresql")
    insights = instance.get("performanceInsightsEnabled")
    if insights is not True:  # absent: off
        yield Violation(instance, f"performanceInsightsEnabled is {show(insights)}; it must be true")
    interval = instance.get("monitoringInterval")
    if not _at_least(1, interval):  # absent: 0, which is off
        yield Violation(instance, f"monitoringInterval is {show(interval)}; it must be 1 s or more")
    if not present(instance.get("monitoringRoleArn")):
        yield Violation(instance, "monitoringRoleArn must name the role that delivers its metrics")


def databases_current(instance: Resource) -> Iterator[Violation]:
    """Each certificate is of a current authority, and one party alone decides on minor versions."""
    if instance.get("caCertIdentifier") not in _AUTHORITIES:  # absent: whatever is the account's default
        yield Violation(instance, f"caCertIdentifier must be one of {', '.join(_AUTHORITIES)}")
    version, automatic = instance.get("engineVersion"), instance.get("autoMinorVersionUpgrade")
    if automatic not in (None, True, False):  # absent: true
        yield Violation(instance, f"autoMinorVersionUpgrade is {show(automatic)}; it must be true or false")
    elif version is None:  # a replica's is its source's; what a primary without one would run, is RDS's choice
        if not present(instance.get("replicateSourceDb")):
            yield Violation(instance, "engineVersion must be said: a major alone, or an exact minor")
    elif not isinstance(version, (str, int, float)):
        yield Violation(instance, f"engineVersion is {show(version)}; it must be said")
    else:
        exact = "." in str(version)
        if exact and automatic is not False:
            yield Violation(instance, "engineVersion is exact: autoMinorVersionUpgrade must be false, or undoes it")
        if not exact and automatic is False:
            yield Violation(instance, "engineVersion is a major alone: autoMinorVersionUpgrade must be true")


def databases_recoverable(instance: Resource) -> Iterator[Violation]:
    """Each primary keeps backups, and a last snapshot where it may not be deleted; snapshots are marked as it is."""
    if instance.get("copyTagsToSnapshot") is not True:  # absent: false
        shown = show(instance.get("copyTagsToSnapshot"))
        yield Violation(instance, f"copyTagsToSnapshot is {shown}; it must be true")
    if present(instance.get("replicateSourceDb")):  # the primary's backups hold the same data
        return
    days = instance.get("backupRetentionPeriod")
    if not _at_least(_BACKUP_DAYS, days):
        yield Violation(instance, f"backupRetentionPeriod is {show(days)}; it must be {_BACKUP_DAYS} days or more")
    if instance.get("deletionProtection") in (None, False):  # absent: false
        return
    skips = instance.get("skipFinalSnapshot")
    if skips not in (None, False):  # absent: false
        yield Violation(instance, f"skipFinalSnapshot is {show(skips)}; it must be false for a protected instance")
    if not present(instance.get("finalSnapshotIdentifier")):
        yield Violation(instance, "finalSnapshotIdentifier must name the last snapshot of a protected instance")


def _at_least(least: int, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


DATABASES_PRIVATE: Final = GraphRule(
    about=Description(
        id="databases-private",
        title="No database has a public address, and each stands in subnets of this stack",
        severity=Severity.CRITICAL,
        frameworks=("FSBP RDS.1", "FSBP RDS.2", "FSBP RDS.18", "CIS AWS 2.3.3"),
        why="Without a subnet group RDS takes the account's default network, whose subnets lead to the internet.",
        remediation="Leave publiclyAccessible false and refer to a subnet group of the stack; a replica in another "
        "region needs one of its own.",
    ),
    check=databases_private,
)
DATABASES_WATCHED: Final = ResourceRule(
    about=Description(
        id="databases-watched",
        title="Databases deliver their log, their statements' statistics and their metrics",
        severity=Severity.MEDIUM,
        frameworks=("FSBP RDS.6", "FSBP RDS.9", "FSBP RDS.36"),
        why="What slows a database down, or who tried to enter it, cannot be found out afterwards.",
        remediation="Export postgresql, turn on performanceInsightsEnabled, and set monitoringInterval with its role.",
    ),
    types=frozenset({DATABASE}),
    check=databases_watched,
)
DATABASES_CURRENT: Final = ResourceRule(
    about=Description(
        id="databases-current",
        title="Databases have a current certificate authority and one who decides on minor versions",
        severity=Severity.MEDIUM,
        frameworks=("FSBP RDS.13", "CIS AWS 2.3.2"),
        why="Clients check the certificate, so an expired authority is an outage; RDS's upgrades and an exact version "
        "undo each other, and a major alone without upgrades is never mended.",
        remediation="Pin caCertIdentifier; write a major with autoMinorVersionUpgrade, or an exact minor without.",
    ),
    types=frozenset({DATABASE}),
    check=databases_current,
)
DATABASES_RECOVERABLE: Final = ResourceRule(
    about=Description(
        id="databases-recoverable",
        title="Databases keep backups for a week, and a last snapshot where they are protected",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.11", "FSBP RDS.17"),
        why="A mistake is seen after days; a server that is deleted on purpose is missed after weeks.",
        remediation="Set backupRetentionPeriod to 7 or more, copyTagsToSnapshot, and finalSnapshotIdentifier.",
    ),
    types=frozenset({DATABASE}),
    check=databases_recoverable,
)
