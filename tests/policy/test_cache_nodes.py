"""How many nodes a cache has."""

from __future__ import annotations

import pytest

from policy.facts.cache_nodes import shards
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, [1]),
        ({"numCacheClusters": 3}, [3]),
        ({"numCacheClusters": UNKNOWN}, [UNKNOWN]),
        ({"numCacheClusters": True}, [UNKNOWN]),
        ({"numCacheClusters": "3\n"}, [UNKNOWN]),
        ({"numCacheClusters": 0}, [UNKNOWN]),
        ({"numCacheClusters": 10**12}, [UNKNOWN]),
        ({"numNodeGroups": 10**12}, [UNKNOWN]),
        ({"numNodeGroups": 2}, [1, 1]),
        ({"numNodeGroups": 2, "replicasPerNodeGroup": 1}, [2, 2]),
        ({"replicasPerNodeGroup": 2}, [3]),
        ({"replicasPerNodeGroup": UNKNOWN}, [UNKNOWN]),
        ({"replicasPerNodeGroup": False}, [UNKNOWN]),
        ({"numNodeGroups": UNKNOWN, "replicasPerNodeGroup": 1}, [UNKNOWN]),
        ({"numNodeGroups": [2]}, [UNKNOWN]),
        ({"nodeGroupConfigurations": [{"replicaCount": 1}, {}]}, [2, 1]),
        ({"nodeGroupConfigurations": [UNKNOWN, {"replicaCount": "2"}, 3]}, [UNKNOWN, UNKNOWN, UNKNOWN]),
        ({"nodeGroupConfigurations": UNKNOWN}, [UNKNOWN]),
        ({"nodeGroupConfigurations": []}, [1]),
    ],
)
def test_nodes_are_counted_by_shard(counts: dict[str, Plain], expected: list[Plain]) -> None:
    assert list(shards(resource(CACHE, "it", counts))) == expected
