"""Production: it survives the loss of a zone, of a region, and of somebody's patience."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.facts.cache_nodes import shards
from policy.facts.replicas import DATABASE, in_other_region, primaries
from policy.facts.tiers import for_development, is_disposable, retires
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.data.buckets import BUCKETS
from policy.values import show

_CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_VAULT: Final = "aws:backup/vault:Vault"
COPIES: Final = (
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    _VAULT,
)
_FEWEST_NODES: Final = 2
_LOCKED_DAYS: Final = 7
_LOCK: Final = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
_EMPTIED: Final[Mapping[str, str]] = {
    **dict.fromkeys(BUCKETS, "forceDestroy"),
    _VAULT: "forceDestroy",
    "aws:ecr/repository:Repository": "forceDelete",
}
"""What a deletion would empty first, if a property says so."""
PROTECTED: Final[Mapping[str, str]] = {
    DATABASE: "deletionProtection",
    "aws:eks/cluster:Cluster": "deletionProtection",
    "aws:lb/loadBalancer:LoadBalancer": "enableDeletionProtection",
    "aws:alb/loadBalancer:LoadBalancer": "enableDeletionProtection",
}
"""What AWS refuses to delete while a property of it says so. Absent: it does not refuse."""
STATEFUL: Final = (
    DATABASE,
    "aws:rds/cluster:Cluster",
    _CACHE,
    "aws:elasticache/serverlessCache:ServerlessCache",
    "aws:efs/fileSystem:FileSystem",
    *sorted(BUCKETS),
    _VAULT,
    "aws:ecr/repository:Repository",
    "aws:eks/cluster:Cluster",
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
)
"""What holds something, or the key to it; a program that lost it by a slip would not get it back."""


def databases_span_zones(graph: Graph) -> Iterator[Violation]:
    """Each primary of production has a standby in another zone. A replica is none: nothing promotes it by itself."""
    for instance in primaries(graph):
        if for_development(graph, instance):
            continue
        spread = instance.get("multiAz")
        if spread is not True:  # absent: false
            yield Violation(instance, f"multiAz is {show(spread)}; it must be true in production")


def caches_span_zones(graph: Graph) -> Iterator[Violation]:
    """Each cache of production has a second node, which `caches-survive` wants in another zone."""
    for cache in graph.of_type(_CACHE):
        if for_development(graph, cache):
            continue
        if not all(isinstance(nodes, int) and nodes >= _FEWEST_NODES for nodes in shards(cache)):
            yield Violation(cache, f"numCacheClusters must be {_FEWEST_NODES} or more in production")


def deletion_refused(graph: Graph) -> Iterator[Violation]:
    """AWS refuses to delete what production cannot do without, unless a tag says that it is to go."""
    for resource in graph.of_type(*PROTECTED):
        if for_development(graph, resource) or retires(graph, resource):
            continue
        name = PROTECTED[resource.type]
        if resource.get(name) is not True:
            yield Violation(resource, f"{name} is {show(resource.get(name))}; it must be true in production")


def stateful_protected(graph: Graph) -> Iterator[Violation]:
    """The engine refuses to delete what holds something of production, unless a tag says that it may go."""
    for resource in graph.of_type(*STATEFUL):
        excused = for_development(graph, resource) or is_disposable(graph, resource) or retires(graph, resource)
        if not resource.protect and not excused:
            yield Violation(resource, "the resource option protect must be true in production")


def copies_elsewhere(graph: Graph) -> Iterator[Violation]:
    """Each primary of production has its backups in another region too, whichever way they get there."""
    for instance in primaries(graph):
        if for_development(graph, instance):
            continue
        if not any(_holds_copies(graph, instance, each) for each in graph.of_type(*COPIES)):
            yield Violation(instance, "no replication of its backups and no vault of this stack is in another region")


def _holds_copies(graph: Graph, instance: Resource, copy: Resource) -> bool:
    """Whether a copy is surely in another region; a replication is of one instance, a vault of whatever is copied."""
    of_it = copy.type == _VAULT or instance in graph.named(copy, "sourceDbInstanceArn", {DATABASE})
    return of_it and in_other_region(graph, instance, copy)


def contents_kept(graph: Graph) -> Iterator[Violation]:
    """What holds production's files, backups or images is not deleted together with them, if it is the only one."""
    for resource in graph.of_type(*_EMPTIED):
        name = _EMPTIED[resource.type]
        if for_development(graph, resource) or is_disposable(graph, resource):
            continue
        if resource.get(name) not in (None, False):  # absent: false
            yield Violation(resource, f"{name} is {show(resource.get(name))}; it must be false in production")


def vaults_locked(graph: Graph) -> Iterator[Violation]:
    """Each vault of production refuses to shorten what it keeps, for a week at least."""
    for vault in graph.of_type(_VAULT):
        if for_development(graph, vault):
            continue
        days = [lock.get("minRetentionDays") for lock in graph.referring(vault, "backupVaultName", _LOCK)]
        if not any(isinstance(each, int) and each >= _LOCKED_DAYS for each in days):
            yield Violation(vault, f"no VaultLockConfiguration gives it minRetentionDays of {_LOCKED_DAYS} or more")


DATABASES_SPAN_ZONES: Final = GraphRule(
    about=Description(
        id="databases-span-zones",
        title="Databases of production have a standby in another zone",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.5", "CIS AWS 2.2.4", "WA REL10"),
        why="A zone that fails takes a database of one zone along, and a restore takes an hour.",
        remediation="Set multiAz, or tag the stack's provider tmi:tier=development.",
    ),
    check=databases_span_zones,
)
CACHES_SPAN_ZONES: Final = GraphRule(
    about=Description(
        id="caches-span-zones",
        title="Caches of production have a node that can take over",
        severity=Severity.HIGH,
        frameworks=("FSBP ElastiCache.3", "WA REL10"),
        why="TMI answers nobody without its cache, and whoever was signed in is not when an empty one takes its place.",
        remediation="Set numCacheClusters to 2 or more, or tag the stack's provider tmi:tier=development.",
    ),
    check=caches_span_zones,
)
DELETION_REFUSED: Final = GraphRule(
    about=Description(
        id="deletion-refused",
        title="Databases, clusters and load balancers of production cannot be deleted in one step",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.8", "FSBP ELB.6"),
        why="A wrong command, or a right one in the wrong stack, is refused by AWS itself.",
        remediation="Set the property to true; tag what is to be deleted next tmi:retiring=true.",
    ),
    check=deletion_refused,
)
STATEFUL_PROTECTED: Final = GraphRule(
    about=Description(
        id="stateful-protected",
        title="What holds data or keys of production is protected in the program too",
        severity=Severity.HIGH,
        frameworks=("FSBP KMS.3", "WA REL09"),
        why="What is renamed is deleted and made anew; AWS's own protection knows databases and clusters, and neither "
        "keys nor buckets nor vaults.",
        remediation="Set the resource option protect; tag what is deleted next tmi:retiring=true, and what can be made "
        "again tmi:disposable=true.",
    ),
    check=stateful_protected,
)
COPIES_ELSEWHERE: Final = GraphRule(
    about=Description(
        id="copies-elsewhere",
        title="Backups of production lie in another region too",
        severity=Severity.HIGH,
        frameworks=("WA REL09", "WA REL13"),
        why="The region that fails takes its own backups along.",
        remediation="Declare an InstanceAutomatedBackupsReplication or a backup vault by a provider of another region.",
    ),
    check=copies_elsewhere,
)
CONTENTS_KEPT: Final = GraphRule(
    about=Description(
        id="contents-kept",
        title="Buckets, vaults and repositories of production are not deleted with what they hold",
        severity=Severity.HIGH,
        frameworks=("WA REL09",),
        why="AWS refuses to delete what is not empty, unless the program empties it first.",
        remediation="Leave forceDestroy and forceDelete out; tag what can be made again tmi:disposable=true.",
    ),
    check=contents_kept,
)
VAULTS_LOCKED: Final = GraphRule(
    about=Description(
        id="vaults-locked",
        title="Backup vaults of production are locked",
        severity=Severity.HIGH,
        frameworks=("WA REL09", "WA SEC08"),
        why="A vault's policy is taken away by whoever may write it; a lock is not, once its time of grace is over.",
        remediation="Declare a VaultLockConfiguration with minRetentionDays for each vault.",
    ),
    check=vaults_locked,
)
