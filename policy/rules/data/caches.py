"""Caches: a lost node loses nothing, a full one forgets what ends soonest, and both leave a trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.cache_nodes import shards
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import elements, present, read, show

_CACHE: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
_PARAMETER_GROUP: Final = "aws:elasticache/parameterGroup:ParameterGroup"
_SUBNET_GROUP: Final = "aws:elasticache/subnetGroup:SubnetGroup"
_LOG_DESTINATIONS: Final = frozenset(
    {"aws:cloudwatch/logGroup:LogGroup", "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"}
)
_EVICTION: Final = "maxmemory-policy"
_EVICTIONS: Final = ("volatile-ttl", "noeviction")
_LOGS: Final = ("slow-log", "engine-log")


def caches_survive(cache: Resource) -> Iterator[Violation]:
    """Each cache has snapshots and minor upgrades, and takes over by itself, in another zone, where it has replicas."""
    days = cache.get("snapshotRetentionLimit")
    if not isinstance(days, int) or days < 1:  # absent: 0, no snapshots
        yield Violation(cache, f"snapshotRetentionLimit is {show(days)}; it must be 1 day or more")
    upgrades = cache.get("autoMinorVersionUpgrade")
    if upgrades not in (None, True):  # absent: true
        yield Violation(cache, f"autoMinorVersionUpgrade is {show(upgrades)}; it must be true")
    if shards(cache) == [1]:
        return
    for name in ("automaticFailoverEnabled", "multiAzEnabled"):
        if cache.get(name) is not True:  # absent: false
            yield Violation(cache, f"{name} is {show(cache.get(name))}; it must be true, as it has several nodes")


def caches_keep_revocations(graph: Graph) -> Iterator[Violation]:
    """The parameter group in force at each cache evicts by the nearest end, or not at all."""
    for cache in graph.of_type(_CACHE):
        if not graph.references(cache, "subnetGroupName", {_SUBNET_GROUP}):
            yield Violation(cache, "subnetGroupName must name a subnet group of this stack")
        groups = graph.references(cache, "parameterGroupName", {_PARAMETER_GROUP})
        if not groups:  # a default group evicts by volatile-lru
            yield Violation(cache, "parameterGroupName must name a parameter group of this stack")
        for group in groups:
            values = [
                read(each, "value") for each in elements(group.get("parameters")) if read(each, "name") == _EVICTION
            ]
            if not values or any(value not in _EVICTIONS for value in values):
                wanted = " or ".join(_EVICTIONS)
                yield Violation(group, f"{_EVICTION} must be {wanted}, for it serves {cache.name}")


def caches_logged(graph: Graph) -> Iterator[Violation]:
    """Each cache delivers its slow log and its engine log to destinations of the stack."""
    for cache in graph.of_type(_CACHE):
        kinds = [read(each, "logType") for each in elements(cache.get("logDeliveryConfigurations"))]
        missing = [kind for kind in _LOGS if kind not in kinds]
        if missing:
            yield Violation(cache, f"logDeliveryConfigurations must deliver {' and '.join(missing)}")
        elif len(graph.references(cache, "logDeliveryConfigurations", _LOG_DESTINATIONS)) < len(_LOGS):
            yield Violation(cache, "logDeliveryConfigurations must name a destination of this stack for each log")


def caches_current(graph: Graph) -> Iterator[Violation]:
    """Each cache says its engine's version, and its parameter group is of that version."""
    for cache in graph.of_type(_CACHE):
        engine, version = cache.get("engine"), cache.get("engineVersion")
        if not isinstance(version, (str, int, float)) or not present(version):  # absent: whatever is AWS's default
            yield Violation(cache, "engineVersion must be said, or AWS chooses one")
            continue
        name = engine if isinstance(engine, str) else "redis"  # absent: redis
        major, _, rest = str(version).partition(".")
        families = (f"{name}{major}", f"{name}{major}.x", f"{name}{major}.{rest.partition('.')[0]}")
        for group in graph.references(cache, "parameterGroupName", {_PARAMETER_GROUP}):
            family = group.get("family")
            if family not in families:
                yield Violation(group, f"family must be of {cache.name}'s engine and version: AWS refuses another one")


CACHES_SURVIVE: Final = ResourceRule(
    about=Description(
        id="caches-survive",
        title="Caches have snapshots, minor upgrades, and a replica that takes over from another zone",
        severity=Severity.HIGH,
        frameworks=("FSBP ElastiCache.1", "FSBP ElastiCache.2", "FSBP ElastiCache.3"),
        why="TMI keeps sign-in state and events nowhere else; a replica that does not take over is no help.",
        remediation="Set snapshotRetentionLimit, leave autoMinorVersionUpgrade on, and turn on "
        "automaticFailoverEnabled and multiAzEnabled wherever there is more than one node.",
    ),
    types=frozenset({_CACHE}),
    check=caches_survive,
)
CACHES_KEEP_REVOCATIONS: Final = GraphRule(
    about=Description(
        id="caches-keep-revocations",
        title="A full cache forgets what ends soonest, or nothing",
        severity=Severity.HIGH,
        frameworks=("WA SEC02", "FSBP ElastiCache.7"),
        why="Revoked tokens live in the cache: an LRU policy evicts one that nobody asks for, and so revives it.",
        remediation=f"Attach a parameter group of the stack with {_EVICTION} {' or '.join(_EVICTIONS)}, and a subnet "
        "group of the stack.",
    ),
    check=caches_keep_revocations,
)
CACHES_CURRENT: Final = GraphRule(
    about=Description(
        id="caches-current",
        title="Caches say their version, and have parameters of it",
        severity=Severity.MEDIUM,
        frameworks=("FSBP ElastiCache.2", "WA REL08"),
        why="A version that nobody named changes with the day the stack is made anew, in the middle of a recovery.",
        remediation="Set engineVersion, and take a parameter group of its family, such as redis7 for 7.1.",
    ),
    check=caches_current,
)
CACHES_LOGGED: Final = GraphRule(
    about=Description(
        id="caches-logged",
        title="Caches deliver their slow log and their engine log",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC04",),
        why="A cache that fails or stalls takes sign-in with it, and says why in its logs alone.",
        remediation="Declare logDeliveryConfigurations for slow-log and engine-log, each to a log group of the stack.",
    ),
    check=caches_logged,
)
