"""Databases, caches and clusters whose parts do not go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.values import UNKNOWN, Properties, Value, reveal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud.world import Resource, World

DATABASE: Final = "aws:rds/instance:Instance"
CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
CLUSTER: Final = "aws:eks/cluster:Cluster"


def check_replica(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse a read replica of an instance that takes no backups: RDS makes replicas from them."""
    source = wanted.inputs.get("replicateSourceDb")
    if wanted.type != DATABASE or not isinstance(source, str):
        return
    primary = next((db for db in world.of_type(DATABASE) if source in (db.get("identifier"), db.get("arn"))), None)
    if primary is None:
        if not world.exists(source):
            yield Failure("replicateSourceDb", f"there is no database instance {source!r}")
        return
    retention = primary.get("backupRetentionPeriod")
    if retention is not UNKNOWN and not retention:
        yield Failure(
            "replicateSourceDb",
            f"{primary.name} takes no automated backups: set its backupRetentionPeriod to at least 1 day",
        )


def check_restore(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse a restore from two things at once, from a server without backups, and with a key that no restore takes.

    The provider ignores `kmsKeyId` in a restore, finds the source's key on the server, and replaces it at the next run.
    """
    if wanted.type != DATABASE:
        return
    snapshot, moment = wanted.inputs.get("snapshotIdentifier"), wanted.inputs.get("restoreToPointInTime")
    if snapshot is None and moment is None:
        return
    if snapshot is not None and moment is not None:
        yield Failure("snapshotIdentifier", "conflicts with restoreToPointInTime: name one of them")
    if wanted.inputs.get("kmsKeyId") is not None:
        yield Failure("kmsKeyId", "is not for a restore, which keeps the key of its source: leave it out")
    if not isinstance(moment, dict):
        return
    if (moment.get("restoreTime") is None) == (moment.get("useLatestRestorableTime") is not True):
        yield Failure("restoreToPointInTime", "needs restoreTime or useLatestRestorableTime, and not both")
    source = moment.get("sourceDbInstanceIdentifier")
    primary = next(
        (db for db in world.of_type(DATABASE) if source is not None and db.get("identifier") == source), None
    )
    if primary is not None and not primary.get("backupRetentionPeriod"):
        yield Failure(
            "restoreToPointInTime.sourceDbInstanceIdentifier",
            f"{primary.name} takes no automated backups: there is nothing to restore from",
        )


def check_failover(wanted: Resource, _world: World) -> Iterator[Failure]:
    """Refuse failover without a second node, and several zones without failover."""
    if wanted.type != CACHE:
        return
    failover = wanted.inputs.get("automaticFailoverEnabled") is True
    nodes = wanted.inputs.get("numCacheClusters")
    if failover and isinstance(nodes, float | int) and nodes < 2:  # noqa: PLR2004 - a primary and a replica
        yield Failure("numCacheClusters", "must be at least 2 where automaticFailoverEnabled is true")
    if wanted.inputs.get("multiAzEnabled") is True and not failover:
        yield Failure("multiAzEnabled", "needs automaticFailoverEnabled to be true")


def check_auto_mode(wanted: Resource, _world: World) -> Iterator[Failure]:
    """Refuse half an EKS Auto Mode: compute, block storage and load balancing are switched on together."""
    if wanted.type != CLUSTER:
        return
    parts = {
        "computeConfig.enabled": _at(wanted.inputs, "computeConfig", "enabled"),
        "storageConfig.blockStorage.enabled": _at(wanted.inputs, "storageConfig", "blockStorage", "enabled"),
        "kubernetesNetworkConfig.elasticLoadBalancing.enabled": _at(
            wanted.inputs, "kubernetesNetworkConfig", "elasticLoadBalancing", "enabled"
        ),
    }
    if UNKNOWN in parts.values() or len({value is True for value in parts.values()}) == 1:
        return
    for path, value in parts.items():
        if value is not True:
            yield Failure(
                path,
                f"must be true, as {' and '.join(p for p, v in parts.items() if v is True)}: Auto Mode is one switch",
            )


def _at(inputs: Properties, *path: str) -> Value:
    value: Value = inputs
    for key in path:
        value = value.get(key) if isinstance(value, dict) else value
    return value


def check_write_only(wanted: Resource, _world: World) -> Iterator[Failure]:
    """Refuse a write-only argument without its version, by whose change alone the provider sends it again."""
    if not wanted.type.startswith("aws:"):
        return
    for name, value in wanted.inputs.items():
        if name.endswith("Wo") and reveal(value) is not None and wanted.inputs.get(f"{name}Version") is None:
            yield Failure(f"{name}Version", f"missing: {name} is sent again only when its version changes")
