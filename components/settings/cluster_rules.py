"""Rules over the cluster: who may do what to it, and how long its nodes live."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.settings.choices import CapacityType
from components.settings.cluster import LONGEST_LIFE_HOURS, ClusterSettings
from components.settings.problems import Problem, of_value
from components.settings.windows import length_minutes

_SHORTEST_MINUTES: Final = 60


def viewers_apart(cluster: ClusterSettings) -> Iterator[Problem]:
    """EKS has one access entry a role."""
    for index, role in enumerate(cluster.viewers):
        if role in cluster.administrators:
            yield of_value(f"cluster.viewers.{index}", role, "is an administrator already; remove it from one list")


def on_demand_for_most(cluster: ClusterSettings) -> Iterator[Problem]:
    """Whoever does not bear a node that goes at two minutes' notice needs another one."""
    nodes = cluster.nodes
    if CapacityType.ON_DEMAND not in nodes.capacity_types:
        rule = "has no node for pods that must stay; add 'on-demand'"
        yield of_value("cluster.nodes.capacity_types", nodes.capacity_types, rule)


def largest_node_within_limits(cluster: ClusterSettings) -> Iterator[Problem]:
    """Two of the largest nodes fit: the new one stands before the old one goes."""
    nodes = cluster.nodes
    least = 2 * max(nodes.vcpus)
    if nodes.cpu_limit < least:
        rule = f"has no room for two nodes of {max(nodes.vcpus)} vCPU, one of which replaces the other"
        yield of_value("cluster.nodes.cpu_limit", nodes.cpu_limit, f"{rule}; write {least} or more")


def nodes_end_in_time(cluster: ClusterSettings) -> Iterator[Problem]:
    """Auto Mode ends a node after 21 days with whatever still runs on it.

    The bound holds for expiry and draining together. Source: AWS builders.flash 2025-04, EKS node automated update.
    """
    nodes = cluster.nodes
    longest = LONGEST_LIFE_HOURS - nodes.drain_hours
    if nodes.expire_after_hours > longest:
        rule = f"and drain_hours ({nodes.drain_hours}) are more than the 21 days a node may live"
        path = "cluster.nodes.expire_after_hours"
        yield of_value(path, nodes.expire_after_hours, f"{rule}; write {longest} or less")


def maintenance_is_an_hour(cluster: ClusterSettings) -> Iterator[Problem]:
    """Nodes go one after the other, and a new one has to start first."""
    window = cluster.nodes.maintenance_window
    if length_minutes(window) < _SHORTEST_MINUTES:
        rule = "is shorter than an hour, and nodes are replaced one at a time; end it later"
        yield of_value("cluster.nodes.maintenance_window", window, rule)


RULES: Final = (
    viewers_apart,
    on_demand_for_most,
    largest_node_within_limits,
    nodes_end_in_time,
    maintenance_is_an_hour,
)
"""Every rule of this module."""
