"""The nodes that EKS Auto Mode makes: what they are, where they stand, when they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource

from components.settings.cluster import NodeSettings
from components.settings.windows import rest_of_the_week

NODE_POOL: Final = "tmi"
"""The name of the pool and of its class; pods select it by the label `karpenter.sh/nodepool`."""


def ids(values: Sequence[str]) -> list[dict[str, str]]:
    """Selector terms that name resources, so that a stray tag adds none."""
    return [{"id": value} for value in values]


def node_class_spec(args: NodePoolArgs) -> dict[str, Any]:
    """The specification of the NodeClass. Source: Amazon EKS User Guide, create a node class."""
    subnets = pulumi.Output.from_input(args.subnet_ids).apply(ids)
    return {
        "role": args.node_role_name,
        "subnetSelectorTerms": subnets,
        "securityGroupSelectorTerms": [{"id": args.nodes_group_id}],
        # Pods have a security group of their own: what they may reach is not what a node may reach. AWS wants the two
        # pod selectors together.
        "podSubnetSelectorTerms": subnets,
        "podSecurityGroupSelectorTerms": [{"id": args.pods_group_id}],
        # A pod that no policy selects reaches nobody, rather than everybody.
        "networkPolicy": "DefaultDeny",
        "networkPolicyEventLogs": "Enabled",
        "ephemeralStorage": {"size": f"{args.settings.disk_gib}Gi", "kmsKeyID": args.key_arn},
        # The provider's tags reach what Pulumi makes, not what Auto Mode makes.
        "tags": dict(args.tags),
    }


def node_pool_spec(settings: NodeSettings, zones: Sequence[str]) -> dict[str, Any]:
    """The specification of the NodePool. Source: Amazon EKS User Guide, create a node pool for EKS Auto Mode."""

    def among(key: str, *values: str) -> dict[str, Any]:
        return {"key": key, "operator": "In", "values": list(values)}

    below = settings.lowest_generation - 1
    return {
        "template": {
            "spec": {
                "nodeClassRef": {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": NODE_POOL},
                "requirements": [
                    among("kubernetes.io/arch", settings.architecture),
                    among("kubernetes.io/os", "linux"),
                    among("topology.kubernetes.io/zone", *zones),
                    among("karpenter.sh/capacity-type", *settings.capacity_types),
                    among("eks.amazonaws.com/instance-category", *settings.instance_categories),
                    {"key": "eks.amazonaws.com/instance-generation", "operator": "Gt", "values": [str(below)]},
                    among("eks.amazonaws.com/instance-cpu", *map(str, settings.vcpus)),
                ],
                # Expiry heeds no budget. A pod that may not be disturbed stays on the node all the same, and may leave
                # at a time of its own until the grace period is over: `drain_hours` in the settings.
                "expireAfter": f"{settings.expire_after_hours}h",
                "terminationGracePeriod": f"{settings.drain_hours}h",
            }
        },
        "limits": {"cpu": str(settings.cpu_limit), "memory": f"{settings.memory_limit_gib}Gi"},
        "disruption": {
            "consolidationPolicy": "WhenEmptyOrUnderutilized",
            "consolidateAfter": "10m",
            "budgets": budgets(settings.maintenance_window),
        },
    }


def budgets(maintenance_window: str) -> list[dict[str, Any]]:
    """How many nodes may be replaced at once: one, and outside the window none that runs pods.

    The smallest of the budgets in force counts. Source: Karpenter documentation, NodePool disruption budgets.
    """
    schedule, duration = rest_of_the_week(maintenance_window)
    quiet = {"nodes": "0", "reasons": ["Drifted", "Underutilized"], "schedule": schedule, "duration": duration}
    return [{"nodes": "1"}, quiet]


@dataclass(frozen=True, kw_only=True, slots=True)
class NodePoolArgs:
    """What a :class:`NodePool` needs from its caller."""

    settings: NodeSettings
    """What nodes they are, how many, and how long they live."""
    zones: tuple[str, ...]
    """The availability zones nodes may stand in."""
    node_role_name: pulumi.Input[str]
    """The role of the nodes; its EC2 access entry lets them join."""
    subnet_ids: pulumi.Input[list[str]]
    """The subnets of nodes and pods."""
    nodes_group_id: pulumi.Input[str]
    """The security group of the nodes."""
    pods_group_id: pulumi.Input[str]
    """The security group of the pods."""
    key_arn: pulumi.Input[str]
    """The key of the nodes' disks."""
    tags: Mapping[str, str]
    """Tags of the nodes, their disks and their network interfaces."""


class NodePool(pulumi.ComponentResource):
    """The one pool of nodes, with network policies that are enforced."""

    TYPE: Final = "tmi:cluster:NodePool"

    node_pool_name: pulumi.Output[str]

    def __init__(self, name: str, args: NodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        # Without this switch Auto Mode accepts NetworkPolicies and enforces none: it stands before any node.
        enforcement = kubernetes.core.v1.ConfigMap(
            f"{name}-network-policies",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name="amazon-vpc-cni", namespace="kube-system"),
            data={"enable-network-policy-controller": "true"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        node_class = CustomResource(
            f"{name}-class",
            api_version="eks.amazonaws.com/v1",
            kind="NodeClass",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=NODE_POOL),
            spec=node_class_spec(args),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[enforcement]),
        )
        pool = CustomResource(
            f"{name}-pool",
            api_version="karpenter.sh/v1",
            kind="NodePool",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=NODE_POOL),
            spec=node_pool_spec(args.settings, args.zones),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[node_class]),
        )
        self.node_pool_name = pool.id.apply(lambda _: NODE_POOL)
        self.register_outputs({"node_pool_name": self.node_pool_name})
