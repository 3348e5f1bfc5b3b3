"""Mistakes an operator can make in what a stack file says of the cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tests.pools import LARGE_POOL, POOL

CLUSTER_MISTAKES: Final[Sequence[tuple[Mapping[str, object], str]]] = (
    (
        {"cluster__public_access_cidrs": ["0.0.0.0/0"]},
        "cluster.public_access_cidrs.0: \"0.0.0.0/0\" must be an IPv4 network of /16 to /32 with zero host bits, never the whole internet; write it like '203.0.113.0/24'",
    ),
    (
        {"cluster__administrators": []},
        "cluster.administrators: [] must name at least one role, or nobody could administer it; add a role's ARN",
    ),
    (
        {"cluster__version": "1.35.2"},
        "cluster.version: \"1.35.2\" must be a minor version of Kubernetes that EKS offers, in quotes; write it like '1.35'",
    ),
    (
        {"cluster__viewers": ["arn:aws:iam::111111111111:role/tmi-operators"]},
        'cluster.viewers.0: "arn:aws:iam::111111111111:role/tmi-operators" is an administrator already; remove it from one list',
    ),
    (
        {"cluster__viewers": ["arn:aws:iam::111111111111:role/one", "arn:aws:iam::111111111111:role/one"]},
        'cluster.viewers: ["arn:aws:iam::111111111111:role/one", "arn:aws:iam::111111… must name at most 20 different roles; remove repeated ones',
    ),
    (
        {"cluster__nodes__instance_categories": ["t"]},
        "cluster.nodes.instance_categories.0: \"t\" is no choice; choose one of 'c', 'm' or 'r'",
    ),
    (
        {"cluster__nodes__instance_categories": []},
        "cluster.nodes.instance_categories: [] must name 1 to 3 different categories; name one like 'm'",
    ),
    (
        {"cluster__nodes__lowest_generation": 5},
        "cluster.nodes.lowest_generation: 5 is no generation that nodes may begin with; choose one of 6, 7, 8",
    ),
    (
        {"cluster__nodes__vcpus": [3]},
        "cluster.nodes.vcpus.0: 3 is no size; choose one of 2, 4, 8, 16, 32, 48, 64",
    ),
    (
        {"cluster__nodes__vcpus": [4, 4]},
        "cluster.nodes.vcpus: [4, 4] must name 1 to 7 different sizes; name one like 4",
    ),
    (
        {"cluster__nodes__vcpus": [4, 16]},
        "cluster.nodes.cpu_limit: 16 has no room for two nodes of 16 vCPU, one of which replaces the other; write 32 or more",
    ),
    (
        {"cluster__nodes__capacity_types": ["spot"]},
        "cluster.nodes.capacity_types: [\"spot\"] has no node for pods that must stay; add 'on-demand'",
    ),
    (
        {"cluster__nodes__capacity_types": ["reserved"]},
        "cluster.nodes.capacity_types.0: \"reserved\" is no choice; choose one of 'on-demand' or 'spot'",
    ),
    (
        {"cluster__nodes__capacity_types": []},
        "cluster.nodes.capacity_types: [] must name 1 or 2 different ways of buying; name 'on-demand'",
    ),
    (
        {"cluster__nodes__disk_gib": 8},
        "cluster.nodes.disk_gib: 8 must be 40 to 1000 GiB; choose a number in that range",
    ),
    (
        {"cluster__nodes__maintenance_window": "sun:04:00-sun:04:30"},
        'cluster.nodes.maintenance_window: "sun:04:00-sun:04:30" is shorter than an hour, and nodes are replaced one at a time; end it later',
    ),
    (
        {"cluster__nodes__expire_after_hours": 1000},
        "cluster.nodes.expire_after_hours: 1000 must be 168 to 503 hours; choose a number in that range",
    ),
    (
        {"cluster__nodes__expire_after_hours": 400},
        "cluster.nodes.expire_after_hours: 400 and drain_hours (168) are more than the 21 days a node may live; write 336 or less",
    ),
    (
        {"cluster__nodes__drain_hours": 200},
        "cluster.nodes.drain_hours: 200 must be 1 to 168 hours; choose a number in that range",
    ),
    (
        {"cluster__add_ons__metrics_server": "latest"},
        "cluster.add_ons.metrics_server: \"latest\" must be the whole version of an EKS add-on, as `aws eks describe-addon-versions` prints it; write it like 'v0.9.0-eksbuild.5'",
    ),
    (
        {"cluster__nodes__drain_hours": 23},
        "cluster.nodes.drain_hours: 23 is over before the hub's next restart, which may be 24 hours away: its node would be taken from under it at any hour; write 24 or more",
    ),
    (
        {
            "cluster__nodes__drain_hours": 167,
            "server__hub_restart": {"kind": "weekly", "day": "sun", "time": "03:00"},
            "server__resources__memory_mib": 4096,
        },
        "cluster.nodes.drain_hours: 167 is over before the hub's next restart, which may be 168 hours away: its node would be taken from under it at any hour; write 168 or more, or choose server.hub_restart daily",
    ),
    (
        {"cluster__nodes__cpu_limit": 16, "server__topology": LARGE_POOL},
        "cluster.nodes.cpu_limit: 16 has no room for TMI's pods, which may reserve 16.7 vCPU at once; write 17 or more, or lower server.topology.pool.maximum",
    ),
    (
        {"cluster__nodes__memory_limit_gib": 9, "server__topology": POOL},
        "cluster.nodes.memory_limit_gib: 9 has no room for TMI's pods, which may reserve 12.4 GiB at once; write 13 or more, or lower server.topology.pool.maximum",
    ),
    (
        {"cluster__nodes__vcpus": [2], "server__resources": {"cpu_millis": 1900, "memory_mib": 1024}},
        "server.resources.cpu_millis: 1900 and its side-cars fit no node, the largest of which has 2 vCPU, its own share included; write less, or add a larger size to cluster.nodes.vcpus",
    ),
    (
        {
            "cluster__nodes__vcpus": [4],
            "cluster__nodes__instance_categories": ["c"],
            "server__topology": {
                **POOL,
                "pool": {**POOL["pool"], "resources": {"cpu_millis": 500, "memory_mib": 7936}},
            },
        },
        "server.topology.pool.resources.memory_mib: 7936 and its side-cars fit no node, the largest of which has 8 GiB, its own share included; write less, or add a larger size to cluster.nodes.vcpus, or 'r' to instance_categories",
    ),
)
"""In the dev stack."""
