"""Caches: survive a node, keep revocations, log."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.data.caches import CACHES_CURRENT, CACHES_KEEP_REVOCATIONS, CACHES_LOGGED, CACHES_SURVIVE
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
SHOWN = "unknown until it is deployed"
SINGLE: dict[str, Plain] = {"numCacheClusters": 1, "snapshotRetentionLimit": 1}
OVER: dict[str, Plain] = {"automaticFailoverEnabled": True, "multiAzEnabled": True}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, ""),
        ({"numCacheClusters": None}, ""),
        ({"snapshotRetentionLimit": 35, "autoMinorVersionUpgrade": True}, ""),
        ({"snapshotRetentionLimit": None}, "snapshotRetentionLimit is absent; it must be 1 day or more"),
        ({"snapshotRetentionLimit": 0}, "snapshotRetentionLimit is 0; it must be 1 day or more"),
        ({"snapshotRetentionLimit": UNKNOWN}, f"snapshotRetentionLimit is {SHOWN}; it must be 1 day or more"),
        ({"autoMinorVersionUpgrade": False}, "autoMinorVersionUpgrade is false; it must be true"),
        ({"autoMinorVersionUpgrade": UNKNOWN}, f"autoMinorVersionUpgrade is {SHOWN}; it must be true"),
    ],
)
def test_a_cache_has_snapshots_and_upgrades(changed: dict[str, Plain], message: str) -> None:
    cache = resource(CACHE, "it", SINGLE | changed)
    assert violations(CACHES_SURVIVE, cache) == ([("it", message)] if message else [])


@pytest.mark.parametrize(
    "nodes",
    [
        {"numCacheClusters": 2},
        {"numCacheClusters": UNKNOWN},
        {"numCacheClusters": None, "replicasPerNodeGroup": 1},
        {"numCacheClusters": None, "numNodeGroups": 2},
        {"numCacheClusters": None, "nodeGroupConfigurations": [{"replicaCount": 1}]},
    ],
)
def test_several_nodes_take_over_by_themselves(nodes: dict[str, Plain]) -> None:
    assert violations(CACHES_SURVIVE, resource(CACHE, "it", SINGLE | OVER | nodes)) == []
    for name in OVER:
        for value, shown in ((None, "absent"), (False, "false"), (UNKNOWN, SHOWN)):
            cache = resource(CACHE, "it", SINGLE | OVER | nodes | {name: value})
            message = f"{name} is {shown}; it must be true, as it has several nodes"
            assert violations(CACHES_SURVIVE, cache) == [("it", message)]


SUBNETS = resource("aws:elasticache/subnetGroup:SubnetGroup", "subnets")


def parameters(*entries: Plain) -> Resource:
    return resource("aws:elasticache/parameterGroup:ParameterGroup", "parameters", {"parameters": entries})


def eviction(value: Plain) -> Plain:
    return {"name": "maxmemory-policy", "value": value}


@pytest.mark.parametrize(
    ("entries", "passes"),
    [
        ([eviction("volatile-ttl")], True),
        ([eviction("noeviction")], True),
        ([{"name": "timeout", "value": "0"}, eviction("volatile-ttl")], True),
        ([eviction("volatile-lru")], False),
        ([eviction("allkeys-lru")], False),
        ([eviction("volatile-ttl"), eviction("allkeys-lru")], False),
        ([eviction(UNKNOWN)], False),
        ([UNKNOWN], False),
        ([{"name": "timeout", "value": "volatile-ttl"}], False),
        ([], False),
    ],
)
def test_a_full_cache_keeps_revocations(entries: list[Plain], *, passes: bool) -> None:
    group = parameters(*entries)
    cache = resource(CACHE, "it", subnetGroupName=SUBNETS, parameterGroupName=group)
    message = "maxmemory-policy must be volatile-ttl or noeviction, for it serves it"
    assert violations(CACHES_KEEP_REVOCATIONS, cache, SUBNETS, group) == ([] if passes else [("parameters", message)])


def test_both_groups_are_of_the_stack() -> None:
    known: dict[str, Plain] = {"parameterGroupName": "default.redis7", "subnetGroupName": "default"}
    assert violations(CACHES_KEEP_REVOCATIONS, resource(CACHE, "it", known), SUBNETS) == [
        ("it", "subnetGroupName must name a subnet group of this stack"),
        ("it", "parameterGroupName must name a parameter group of this stack"),
    ]


SLOW, ENGINE = (resource("aws:cloudwatch/logGroup:LogGroup", name) for name in ("slow", "engine"))
BOTH: list[Plain] = [{"logType": "slow-log"}, {"logType": "engine-log"}]


@pytest.mark.parametrize(
    ("deliveries", "made_from", "message"),
    [
        (BOTH, [SLOW, ENGINE], ""),
        (BOTH[:1], [SLOW], "must deliver engine-log"),
        (BOTH[1:], [ENGINE], "must deliver slow-log"),
        (None, [], "must deliver slow-log and engine-log"),
        (UNKNOWN, [SLOW, ENGINE], "must deliver slow-log and engine-log"),
        ([UNKNOWN, *BOTH[1:]], [SLOW, ENGINE], "must deliver slow-log"),
        (BOTH, [SLOW], "must name a destination of this stack for each log"),
        (BOTH, [], "must name a destination of this stack for each log"),
    ],
)
def test_a_cache_is_logged(deliveries: Plain, made_from: list[Resource], message: str) -> None:
    known: dict[str, Plain] = {"logDeliveryConfigurations": deliveries}
    cache = resource(CACHE, "it", known, logDeliveryConfigurations=made_from)
    expected = [("it", f"logDeliveryConfigurations {message}")] if message else []
    assert violations(CACHES_LOGGED, cache, SLOW, ENGINE) == expected


UNSAID = [("it", "engineVersion must be said, or AWS chooses one")]
MISFIT = [("parameters", "family must be of it's engine and version: AWS refuses another one")]


@pytest.mark.parametrize(
    ("engine", "version", "family", "expected"),
    [
        ("redis", "7.1", "redis7", []),
        (None, "7.1", "redis7", []),
        ("redis", 7, "redis7", []),
        ("redis", "6.x", "redis6.x", []),
        ("redis", "5.0.6", "redis5.0", []),
        ("valkey", "8.0", "valkey8", []),
        ("valkey", "8.0", "redis7", MISFIT),
        ("redis", "7.1", "redis6.x", MISFIT),
        ("redis", "7.1", UNKNOWN, MISFIT),
        ("redis", "7.1", None, MISFIT),
        ("redis", None, "redis7", UNSAID),
        ("redis", "", "redis7", UNSAID),
        ("redis", UNKNOWN, "redis7", UNSAID),
        ("redis", ["7.1"], "redis7", UNSAID),
    ],
)
def test_a_cache_says_its_version(
    engine: Plain, version: Plain, family: Plain, expected: list[tuple[str, str]]
) -> None:
    group = resource("aws:elasticache/parameterGroup:ParameterGroup", "parameters", {"family": family})
    known: dict[str, Plain] = {"engine": engine, "engineVersion": version}
    assert violations(CACHES_CURRENT, group, resource(CACHE, "it", known, parameterGroupName=group)) == expected
