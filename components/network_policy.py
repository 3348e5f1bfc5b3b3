"""The parts that network policies are put together from: addresses, ports, and names for EKS's own kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
)

_POD_IDENTITY_AGENT: Final = "169.254.170.23/32"
"""Where a pod gets AWS credentials, on its own node. Auto Mode brings the agent, it is no add-on there.

Source: Amazon EKS User Guide, EKS Pod Identity considerations.
"""


def addresses(cidrs: Sequence[str]) -> list[NetworkPolicyPeerArgs]:
    """Peers by their addresses."""
    return [NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=cidr)) for cidr in cidrs]


def ports(*numbers: int, protocol: str = "TCP") -> list[NetworkPolicyPortArgs]:
    """Ports of one protocol."""
    return [NetworkPolicyPortArgs(port=number, protocol=protocol) for number in numbers]


def selecting(labels: Mapping[str, str]) -> LabelSelectorArgs:
    """The pods with these labels."""
    return LabelSelectorArgs(match_labels=dict(labels))


def out_to(cidrs: Sequence[str], *numbers: int) -> NetworkPolicyEgressRuleArgs:
    """TCP to these addresses on these ports."""
    return NetworkPolicyEgressRuleArgs(to=addresses(cidrs), ports=ports(*numbers))


def out_to_dns(cluster_dns: str) -> NetworkPolicyEgressRuleArgs:
    """Lookups at the cluster's DNS."""
    return NetworkPolicyEgressRuleArgs(
        to=addresses([f"{cluster_dns}/32"]), ports=[*ports(53, protocol="UDP"), *ports(53)]
    )


def out_to_pod_identity() -> NetworkPolicyEgressRuleArgs:
    """The agent on the pod's node that hands out AWS credentials."""
    return out_to([_POD_IDENTITY_AGENT], 80)


def out_by_name(
    labels: Mapping[str, str], cluster_dns: str, *named: tuple[Sequence[pulumi.Input[str]], int]
) -> dict[str, Any]:
    """The specification of an ApplicationNetworkPolicy: these pods connect to names, each on its port.

    DNS is in it once more: every example has it beside the names, and none says that another policy's is enough.
    """
    dns = {
        "to": [{"ipBlock": {"cidr": f"{cluster_dns}/32"}}],
        "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
    }
    return {
        "podSelector": {"matchLabels": dict(labels)},
        "policyTypes": ["Egress"],
        "egress": [
            dns,
            *(
                {"to": [{"domainNames": list(domains)}], "ports": [{"port": port, "protocol": "TCP"}]}
                for domains, port in named
                if domains
            ),
        ],
    }
