"""The section of the stack file that describes Kubernetes: the control plane, its nodes, its add-ons."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from components.settings.choices import Architecture, CapacityType, InstanceCategory, SupportType
from components.settings.constraints import between, listing, matching, one_of
from components.settings.model import Section
from components.settings.vocabulary import ClientCidr, KubernetesVersion, RoleArn, WeeklyWindow

LONGEST_LIFE_HOURS: Final = 504
"""21 days: no node of EKS Auto Mode lives longer, its draining included. Source: Amazon EKS User Guide, Auto Mode."""

VCPUS: Final = (2, 4, 8, 16, 32, 48, 64)
"""Sizes of instances, in vCPU, that every category has. Source: Amazon EC2 instance types guide."""


AddOnVersion: TypeAlias = Annotated[
    str,
    matching(
        r"v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+",
        "must be the whole version of an EKS add-on, as `aws eks describe-addon-versions` prints it",
        "v0.9.0-eksbuild.5",
    ),
]
_DISTINCT_ROLES: Final = "must name at most 20 different roles; remove repeated ones"


class NodeSettings(Section):
    """The nodes that EKS Auto Mode makes."""

    architecture: Architecture
    """Their processor. Every image must exist for it."""
    instance_categories: Annotated[
        tuple[InstanceCategory, ...], listing(1, 3, "must name 1 to 3 different categories; name one like 'm'")
    ]
    """What they are made for. The more there are, the more often there is room in a zone."""
    lowest_generation: Annotated[
        int, one_of((6, 7, 8), "is no generation that nodes may begin with; choose one of 6, 7, 8")
    ]
    """The oldest generation of instance types they may be of: 6 is the first that all categories have for both
    processors."""
    vcpus: Annotated[
        tuple[Annotated[int, one_of(VCPUS, f"is no size; choose one of {', '.join(map(str, VCPUS))}")], ...],
        listing(1, len(VCPUS), "must name 1 to 7 different sizes; name one like 4"),
    ]
    """How large each may be. What fails with one node is at most what runs on it."""
    capacity_types: Annotated[
        tuple[CapacityType, ...], listing(1, 2, "must name 1 or 2 different ways of buying; name 'on-demand'")
    ]
    """How they may be bought. Spot is for pods that bear it; all others ask for on-demand nodes."""
    cpu_limit: Annotated[int, between(4, 1000, "vCPU")]
    """All nodes together never have more."""
    memory_limit_gib: Annotated[int, between(8, 8000, "GiB")]
    """All nodes together never have more."""
    disk_gib: Annotated[int, between(40, 1000, "GiB")]
    """The disk of each: images, logs of containers and what pods write beside their volumes."""
    maintenance_window: WeeklyWindow
    """When nodes with running pods may be replaced by newer or fewer ones. Outside it only empty nodes go."""
    expire_after_hours: Annotated[int, between(168, LONGEST_LIFE_HOURS - 1, "hours")]
    """When a node must go, window or not: no new pod comes to it, and its pods are asked to leave. A week at least, so
    that each node meets its window first, in which a new one is ready before the old one goes."""
    drain_hours: Annotated[int, between(1, 168, "hours")]
    """How long a pod that may not be disturbed, the hub, can stay on a node that must go. It leaves by its next restart
    (`server.hub_restart`): two of these may lie no further apart than this."""


class AddOnSettings(Section):
    """The add-ons of EKS, each in the version that was tried, by `aws eks describe-addon-versions`."""

    metrics_server: AddOnVersion
    """What autoscalers and `kubectl top` ask for the use of pods."""
    secrets_store_driver: AddOnVersion
    """What mounts secrets into pods as files: `aws-secrets-store-csi-driver-provider`."""
    cloudwatch_observability: AddOnVersion
    """What ships containers' logs and nodes' metrics: `amazon-cloudwatch-observability`."""


class ClusterSettings(Section):
    """EKS with Auto Mode."""

    version: KubernetesVersion
    """The version of Kubernetes. Raise it by one minor at a time; a deployment refuses to skip one."""
    support_type: SupportType
    """What happens when the version leaves standard support."""
    public_access_cidrs: Annotated[
        tuple[ClientCidr, ...], listing(0, 40, "must name at most 40 different networks; remove repeated ones")
    ]
    """Who may reach the Kubernetes API from outside the VPC; nobody if empty."""
    administrators: Annotated[
        tuple[RoleArn, ...],
        listing(1, 20, "must name at least one role, or nobody could administer it; add a role's ARN"),
    ]
    """Roles with cluster-admin rights, the one that runs `pulumi up` among them."""
    viewers: Annotated[tuple[RoleArn, ...], listing(0, 20, _DISTINCT_ROLES)]
    """Roles that may look at workloads and their logs, and read no Secret."""
    nodes: NodeSettings
    """What its workloads run on."""
    add_ons: AddOnSettings
    """What EKS installs into it."""
