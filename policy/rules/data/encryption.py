"""Encryption at rest: with keys of the stack, so that who may read is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policy.facts.replicas import DATABASE, in_same_region, source
from policy.graph import Graph, Resource
from policy.network.group_roles import BALANCERS, CANARY
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.data.buckets import BUCKET_ENCRYPTIONS, BUCKETS
from policy.values import elements, present, read, show

_KEYS: Final = frozenset({"aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"})
_ALIAS: Final = "aws:kms/alias:Alias"


@dataclass(frozen=True, slots=True)
class _Store:
    """Where a type says that it is encrypted, and by which key."""

    key: tuple[str, ...]
    flag: str | None = None
    """A property that must be true; AWS leaves the store unencrypted without it."""


_STORES: Final[Mapping[str, _Store]] = {
    "aws:backup/vault:Vault": _Store(("kmsKeyArn",)),
    "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector": _Store(("kmsKeyId",)),
    "aws:cloudwatch/logGroup:LogGroup": _Store(("kmsKeyId",)),
    "aws:ebs/volume:Volume": _Store(("kmsKeyId",), "encrypted"),
    "aws:efs/fileSystem:FileSystem": _Store(("kmsKeyId",), "encrypted"),
    "aws:eks/cluster:Cluster": _Store(("encryptionConfig", "provider", "keyArn")),
    "aws:elasticache/replicationGroup:ReplicationGroup": _Store(("kmsKeyId",), "atRestEncryptionEnabled"),
    "aws:rds/cluster:Cluster": _Store(("kmsKeyId",), "storageEncrypted"),
    DATABASE: _Store(("kmsKeyId",), "storageEncrypted"),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": _Store(("kmsKeyId",)),
    "aws:secretsmanager/secret:Secret": _Store(("kmsKeyId",)),
    "aws:sns/topic:Topic": _Store(("kmsMasterKeyId",)),
    "aws:sqs/queue:Queue": _Store(("kmsMasterKeyId",)),
    CANARY: _Store(("artifactConfig", "s3Encryption", "kmsKeyArn")),
    "kubernetes:eks.amazonaws.com/v1:NodeClass": _Store(("spec", "ephemeralStorage", "kmsKeyID")),
}
_IMAGE_STORES: Final = (
    "aws:ecr/repository:Repository",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
)


def storage_customer_key(graph: Graph) -> Iterator[Violation]:
    """Whatever keeps data is encrypted with a key that this stack declares."""
    for token, store in _STORES.items():
        for resource in graph.of_type(token):
            if not _inherits(graph, resource):
                yield from _unencrypted(graph, resource, store)
    yield from _cluster_secrets(graph)
    yield from _secret_replicas(graph)
    yield from _performance_data(graph)
    yield from _screenshots(graph)
    yield from _image_stores(graph)
    yield from _buckets(graph)


def _unencrypted(graph: Graph, resource: Resource, store: _Store) -> Iterator[Violation]:
    if store.flag and resource.get(store.flag) is not True:
        yield Violation(resource, f"{store.flag} is {show(resource.get(store.flag))}; it must be true")
    if _restored(resource) and not present(resource.get("kmsKeyId")):
        return
    if not present(resource.get(*store.key)) or not _own_key(graph, resource, store.key[0]):
        yield Violation(resource, f"{'.'.join(store.key)} must refer to a KMS key of this stack")


def keys_behind(graph: Graph, resource: Resource, name: str) -> list[Resource]:
    """The keys of the stack that a property was made from, directly or by way of an alias."""
    aliases = graph.references(resource, name, {_ALIAS})
    behind = [key for alias in aliases for key in graph.references(alias, "targetKeyId", _KEYS)]
    return [*behind, *graph.references(resource, name, _KEYS)]


def _own_key(graph: Graph, resource: Resource, name: str) -> bool:
    return bool(keys_behind(graph, resource, name))


def _inherits(graph: Graph, resource: Resource) -> bool:
    """Whether RDS gives a replica its source's encryption and key, as it does within a region when none is named."""
    primary = source(graph, resource)
    return primary is not None and not present(resource.get("kmsKeyId")) and in_same_region(graph, primary, resource)


def _restored(resource: Resource) -> bool:
    """Whether an instance keeps the key of what it is restored from: no restore takes another one.

    See RestoreDBInstanceFromDBSnapshot and RestoreDBInstanceToPointInTime in the RDS API reference.
    """
    return resource.type == DATABASE and any(
        present(resource.get(origin)) for origin in ("snapshotIdentifier", "restoreToPointInTime")
    )


def _cluster_secrets(graph: Graph) -> Iterator[Violation]:
    for cluster in graph.of_type("aws:eks/cluster:Cluster"):
        if "secrets" not in elements(cluster.get("encryptionConfig", "resources")):
            yield Violation(cluster, "encryptionConfig.resources must hold secrets")


def _secret_replicas(graph: Graph) -> Iterator[Violation]:
    for secret in graph.of_type("aws:secretsmanager/secret:Secret"):
        replicas = elements(secret.get("replicas"))
        if not all(present(read(replica, "kmsKeyId")) for replica in replicas) or (
            replicas and not _own_key(graph, secret, "replicas")
        ):
            yield Violation(secret, "each of replicas must refer to a KMS key of this stack in its region")


def _performance_data(graph: Graph) -> Iterator[Violation]:
    for instance in graph.of_type(DATABASE):
        enabled = instance.get("performanceInsightsEnabled") not in (None, False)
        if enabled and not _own_key(graph, instance, "performanceInsightsKmsKeyId"):
            yield Violation(instance, "performanceInsightsKmsKeyId must refer to a KMS key of this stack")


def _screenshots(graph: Graph) -> Iterator[Violation]:
    for canary in graph.of_type(CANARY):
        mode = canary.get("artifactConfig", "s3Encryption", "encryptionMode")
        if mode != "SSE_KMS":
            yield Violation(canary, f"artifactConfig.s3Encryption.encryptionMode is {show(mode)}; it must be SSE_KMS")


def _image_stores(graph: Graph) -> Iterator[Violation]:
    for store in graph.of_type(*_IMAGE_STORES):
        kinds = [read(entry, "encryptionType") for entry in elements(store.get("encryptionConfigurations"))]
        if (
            not kinds  # AWS then encrypts with AES256 by a key of its own
            or any(kind not in ("KMS", "KMS_DSSE") for kind in kinds)
            or not _own_key(graph, store, "encryptionConfigurations")
        ):
            yield Violation(store, "encryptionConfigurations must be KMS with a key of this stack")


def _buckets(graph: Graph) -> Iterator[Violation]:
    # A balancer can write its logs only to a bucket that S3 encrypts with its own key (ELB user guide, "Access logs").
    logged_to = {
        bucket.urn
        for balancer in graph.of_type(*BALANCERS)
        for name in ("accessLogs", "connectionLogs", "healthCheckLogs")
        for bucket in graph.references(balancer, name, BUCKETS)
    }
    for bucket in graph.of_type(*BUCKETS):
        settings = graph.referring(bucket, "bucket", *BUCKET_ENCRYPTIONS)
        if bucket.urn in logged_to:
            wanted, met = (
                "AES256, as it takes a balancer's logs",
                all(_algorithms(each) == {"AES256"} for each in settings),
            )
        else:
            wanted = "aws:kms with a key of this stack"
            met = bool(settings) and all(
                _algorithms(each) <= {"aws:kms", "aws:kms:dsse"} and _own_key(graph, each, "rules") for each in settings
            )
        if not met:
            yield Violation(bucket, f"its server-side encryption must be {wanted}")


def _algorithms(setting: Resource) -> set[str]:
    rules = elements(setting.get("rules"))
    return {show(read(rule, "applyServerSideEncryptionByDefault", "sseAlgorithm")) for rule in rules} or {show(None)}


STORAGE_CUSTOMER_KEY: Final = GraphRule(
    about=Description(
        id="storage-customer-key",
        title="Stored data is encrypted with a key of this stack",
        severity=Severity.HIGH,
        frameworks=(
            "FSBP RDS.3",
            "FSBP ElastiCache.4",
            "FSBP EKS.3",
            "FSBP EC2.3",
            "FSBP Backup.1",
            "FSBP S3.17",
            "FSBP SNS.1",
            "FSBP SQS.1",
            "CIS AWS 2.3.1",
            "CIS EKS 5.3.1",
        ),
        why="A key of AWS's own is open to the whole account and cannot be taken away from anybody.",
        remediation="Refer to a key that the stack declares; for a balancer's log bucket take AES256.",
    ),
    check=storage_customer_key,
)
