"""Read replicas of databases: where they come from, and so what they inherit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policy.graph import Graph, Resource
from policy.values import present

DATABASE: Final = "aws:rds/instance:Instance"


def source(graph: Graph, instance: Resource) -> Resource | None:
    """The primary at the head of a replica's chain of sources, or `None` for what is no replica."""
    return graph.once(_sources).get(instance.urn)


def _sources(graph: Graph) -> Mapping[str, Resource]:
    found = ((instance.urn, _source(graph, instance)) for instance in graph.of_type(DATABASE))
    return {urn: primary for urn, primary in found if primary is not None}


def _source(graph: Graph, instance: Resource) -> Resource | None:
    seen = {instance.urn}
    found = None
    above = graph.references(instance, "replicateSourceDb", {DATABASE})
    while above and above[0].urn not in seen:
        found = above[0]
        seen.add(found.urn)
        above = graph.references(found, "replicateSourceDb", {DATABASE})
    return found


def primaries(graph: Graph) -> list[Resource]:
    """The instances that are no replica, of this stack or of another."""
    return [
        instance
        for instance in graph.of_type(DATABASE)
        if source(graph, instance) is None and not present(instance.get("replicateSourceDb"))
    ]


def in_same_region(graph: Graph, one: Resource, other: Resource) -> bool:
    """Whether two resources are known to be in one region: by one provider, or by the same known region."""
    if one.get("region") is None and other.get("region") is None and one.provider == other.provider:
        return True
    regions = graph.region(one), graph.region(other)
    return isinstance(regions[0], str) and regions[0] == regions[1]


def in_other_region(graph: Graph, one: Resource, other: Resource) -> bool:
    """Whether two resources are known to be in different regions: a region that is not known is no other one."""
    regions = graph.region(one), graph.region(other)
    return all(isinstance(region, str) for region in regions) and regions[0] != regions[1]
