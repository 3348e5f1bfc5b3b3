"""How many nodes a cache of ElastiCache has: what is not known is not known to every rule that counts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policy.graph import Resource
from policy.values import UNKNOWN, Plain, elements, present, read

_MOST: Final = 500
"""Nodes of one cluster, and so its shards. Source: Amazon ElastiCache User Guide, quotas."""


def shards(cache: Resource) -> Sequence[Plain]:
    """The number of nodes in each shard of a replication group; `UNKNOWN` where it cannot be told.

    Absent counts are the provider's: one shard, of one node. Source: ElastiCache API Reference, CreateReplicationGroup.
    """
    apart = cache.get("nodeGroupConfigurations")
    if present(apart):  # a count of its own for each shard
        return [_with_primary(read(each, "replicaCount")) for each in elements(apart)]
    if cache.get("numNodeGroups") is None and cache.get("replicasPerNodeGroup") is None:
        nodes = cache.get("numCacheClusters")
        return [1 if nodes is None else nodes if _is_count(nodes) else UNKNOWN]
    number = cache.get("numNodeGroups")
    each = _with_primary(cache.get("replicasPerNodeGroup"))
    if number is not None and not _is_count(number):
        return [UNKNOWN]  # as many shards as there may be
    return [each] * (number if isinstance(number, int) else 1)


def _with_primary(replicas: Plain) -> Plain:
    if replicas is None:
        return 1
    nodes = replicas + 1 if isinstance(replicas, int) and not isinstance(replicas, bool) else None
    return nodes if _is_count(nodes) else UNKNOWN


def _is_count(value: Plain) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST
