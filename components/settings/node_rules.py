"""Rules over the nodes and what runs on them: TMI's pods have room, and the hub leaves a node before it is taken away.

What nodes keep for themselves, and what add-ons take, is not counted, since AWS may change it: what is refused here is
certain to fail, and what is not may still be tight.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from components.settings.capacity import WeeklyRestart
from components.settings.capacity_rules import restart_hours
from components.settings.choices import InstanceCategory
from components.settings.cluster import ClusterSettings, NodeSettings
from components.settings.problems import Problem, of_value
from components.settings.reservations import hub_pods, other_pods, tmi_pod, total
from components.settings.server import ServerSettings
from components.settings.topology import HubAndPoolTopology

GIB_PER_VCPU: Final[Mapping[InstanceCategory, int]] = MappingProxyType(
    {InstanceCategory.C: 2, InstanceCategory.M: 4, InstanceCategory.R: 8}
)
"""Source: Amazon EC2 instance types guide."""


def hub_leaves_in_time(cluster: ClusterSettings, server: ServerSettings) -> Iterator[Problem]:
    """A node that must go waits for the hub's next restart, in the hour that was chosen for it."""
    hours, drain = restart_hours(server.hub_restart), cluster.nodes.drain_hours
    if hours is not None and hours > drain:
        other = ", or choose server.hub_restart daily" if isinstance(server.hub_restart, WeeklyRestart) else ""
        rule = (
            f"is over before the hub's next restart, which may be {hours} hours away: its node would be taken from "
            f"under it at any hour; write {hours} or more{other}"
        )
        yield of_value("cluster.nodes.drain_hours", drain, rule)


def pods_fit_the_nodes(cluster: ClusterSettings, server: ServerSettings) -> Iterator[Problem]:
    """All pods of TMI's namespace have room at once: the pool at its largest, in the middle of a rollout."""
    nodes = cluster.nodes
    pods = total([hub_pods(server.resources, server.telemetry), *other_pods(server.topology, server.telemetry)])
    other = ", or lower server.topology.pool.maximum" if isinstance(server.topology, HubAndPoolTopology) else ""
    for field, limit, unit, reserved in (
        ("cpu_limit", nodes.cpu_limit, "vCPU", pods.cpu_millis / 1000),
        ("memory_limit_gib", nodes.memory_limit_gib, "GiB", pods.memory_mib / 1024),
    ):
        if limit <= reserved:
            rule = f"has no room for TMI's pods, which may reserve {reserved:.1f} {unit} at once"
            yield of_value(f"cluster.nodes.{field}", limit, f"{rule}; write {math.floor(reserved) + 1} or more{other}")


def a_pod_fits_a_node(cluster: ClusterSettings, server: ServerSettings) -> Iterator[Problem]:
    """The largest node is larger than each pod of TMI with its side-cars, or the pod would wait for ever."""
    sections = {"server.resources": server.resources}
    if isinstance(server.topology, HubAndPoolTopology):
        sections["server.topology.pool.resources"] = server.topology.pool.resources
    vcpus, gib = max(cluster.nodes.vcpus), _largest_gib(cluster.nodes)
    for path, tmi in sections.items():
        pod = tmi_pod(tmi, server.telemetry)
        if pod.cpu_millis >= 1000 * vcpus:
            rule = f"and its side-cars fit no node, the largest of which has {vcpus} vCPU, its own share included"
            way_out = "write less, or add a larger size to cluster.nodes.vcpus"
            yield of_value(f"{path}.cpu_millis", tmi.cpu_millis, f"{rule}; {way_out}")
        if pod.memory_mib >= 1024 * gib:
            rule = f"and its side-cars fit no node, the largest of which has {gib} GiB, its own share included"
            way_out = "write less, or add a larger size to cluster.nodes.vcpus, or 'r' to instance_categories"
            yield of_value(f"{path}.memory_mib", tmi.memory_mib, f"{rule}; {way_out}")


def _largest_gib(nodes: NodeSettings) -> int:
    return max(nodes.vcpus) * max(GIB_PER_VCPU[category] for category in nodes.instance_categories)


RULES: Final = (hub_leaves_in_time, pods_fit_the_nodes, a_pod_fits_a_node)
"""Every rule of this module."""
