"""The namespace around TMI: who may speak to whom."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicySpecArgs,
)

from components.network_policy import addresses, out_by_name, out_to, out_to_dns, out_to_pod_identity, ports, selecting
from components.server.entrance import HTTPS_PORT
from components.server.roles import Role

BOOTSTRAP_LABELS: Final[Mapping[str, str]] = {
    "app.kubernetes.io/name": "tmi",
    "app.kubernetes.io/component": "database-bootstrap",
}

_NOT_THE_INTERNET: Final = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "224.0.0.0/4", "240.0.0.0/4",
)  # fmt: skip
"""Private, shared, loopback, link-local (the instance metadata among it), multicast and reserved addresses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What lies around the namespace, as far as its pods may speak to it."""

    vpc_cidr: str
    """The addresses of the VPC, which are not the internet."""
    cluster_dns: str
    """The address of the cluster's DNS."""
    edge_cidrs: tuple[str, ...]
    """The subnets of the load balancer: the only ones that may speak to TMI."""
    data_cidrs: tuple[str, ...]
    """The subnets of PostgreSQL and Redis."""
    endpoint_cidrs: tuple[str, ...]
    """The subnets of AWS's interface endpoints; none where there are no endpoints."""
    destinations: tuple[str, ...] | None
    """The names TMI may connect to on port 443; None where it may reach every address of the internet there."""
    telemetry: tuple[str, ...]
    """The names of AWS that the collectors send to on port 443; none where there are no collectors."""


def namespace_labels(kubernetes_version: str) -> dict[str, str]:
    """Pods that do not meet the restricted standard, as of the cluster's version, are refused.

    The last label asks Auto Mode for readiness gates, see :mod:`components.server.target_binding`. The key is Auto
    Mode's own, other than that of the open-source controller; the user guide is silent about it, and it was seen at
    work on clusters of others, which put a gate `target-health.eks.amazonaws.com/<binding>` into their pods. Without
    it a rollout would wait for no more than the pods' own probes.
    """
    levels = ("enforce", "audit", "warn")
    prefix = "pod-security.kubernetes.io"
    return {
        **{f"{prefix}/{level}": "restricted" for level in levels},
        **{f"{prefix}/{level}-version": f"v{kubernetes_version}" for level in levels},
        "eks.amazonaws.com/pod-readiness-gate-inject": "enabled",
    }


def internet(vpc_cidr: str) -> NetworkPolicyPeerArgs:
    """Every address but those that are not the internet's, and but the VPC's own."""
    vpc = ipaddress.IPv4Network(vpc_cidr)
    private = any(vpc.subnet_of(ipaddress.IPv4Network(cidr)) for cidr in _NOT_THE_INTERNET)
    excluded = [*_NOT_THE_INTERNET, *([] if private else [vpc_cidr])]
    return NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr="0.0.0.0/0", except_=excluded))


def network_policies(around: Surroundings, roles: Sequence[Role]) -> dict[str, NetworkPolicySpecArgs]:
    """The policies of the namespace by name: nothing at all, and then what is needed.

    Pods of TMI do not speak to each other. The ports of the collector, and the one on which TMI shows its metrics, are
    in no rule: what is in the pod comes by loopback.

    An address that is named beats a wider range that excludes it, since the agent on the node goes by the longest
    prefix; so DNS and the data subnets stay reachable. Source: aws/amazon-network-policy-controller-k8s#146.
    """
    # Identity providers, webhook receivers, documents. TMI calls no AWS service; the collector beside it does.
    anywhere = NetworkPolicyEgressRuleArgs(to=[internet(around.vpc_cidr)], ports=ports(443))
    collected = [out_to_pod_identity()] if around.telemetry else []
    endpoints = [out_to(around.endpoint_cidrs, 443)] if around.telemetry and around.endpoint_cidrs else []
    return {
        "default-deny": NetworkPolicySpecArgs(pod_selector=LabelSelectorArgs(), policy_types=["Ingress", "Egress"]),
        "dns": NetworkPolicySpecArgs(
            pod_selector=LabelSelectorArgs(), policy_types=["Egress"], egress=[out_to_dns(around.cluster_dns)]
        ),
        **{
            role.value: NetworkPolicySpecArgs(
                pod_selector=selecting(role.labels),
                policy_types=["Ingress", "Egress"],
                ingress=[NetworkPolicyIngressRuleArgs(from_=addresses(around.edge_cidrs), ports=ports(HTTPS_PORT))],
                egress=[
                    out_to(around.data_cidrs, 5432, 6379),
                    *([anywhere] if around.destinations is None else []),
                    *collected,
                    *endpoints,
                ],
            )
            for role in roles
        },
        "database-bootstrap": NetworkPolicySpecArgs(
            pod_selector=selecting(BOOTSTRAP_LABELS),
            policy_types=["Egress"],
            egress=[out_to(around.data_cidrs, 5432)],
        ),
    }


def application_network_policies(
    around: Surroundings,
    roles: Sequence[Role],
    *,
    database_address: pulumi.Input[str],
    redis_endpoint: pulumi.Input[str],
) -> dict[str, dict[str, Any]]:
    """The policies that let pods out by name, by their own names; none where every address is allowed.

    The DNS proxy of the node reads the answers to a pod's lookups, and lets the pod connect to the addresses in them
    while they are valid. It answers no lookup of another name, so the stores are named too, whose addresses the
    policies above allow. Source: awslabs/ai-on-eks, agent sandbox, observability.

    These policies add to those above: a pod may do what any policy that selects it allows. But of two with one name
    only one is in force (aws/containers-roadmap#2772), so no name in here is one of those above. Auto Mode has the
    kind from Kubernetes 1.29 on. Source: aws/amazon-network-policy-controller-k8s, ApplicationNetworkPolicySpec;
    aws-samples/sample-apex-skills#169.
    """
    if around.destinations is None:
        return {}
    return {
        f"{role.value}-destinations": out_by_name(
            role.labels,
            around.cluster_dns,
            ([database_address], 5432),
            ([redis_endpoint], 6379),
            (around.destinations, 443),
            (around.telemetry, 443),
        )
        for role in roles
    }
