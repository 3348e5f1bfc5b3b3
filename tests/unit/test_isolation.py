"""Who may speak to whom in TMI's namespace, asked packet by packet."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

import pytest

from components.server.content import named
from components.server.isolation import BOOTSTRAP_LABELS, SERVER_LABELS, internet, namespace_labels, network_policies

POLICIES = network_policies(vpc_cidr="10.64.0.0/16", edge_cidrs=["10.64.0.0/24"], data_cidrs=["10.64.96.0/24"])
OTHER = {"app.kubernetes.io/name": "other"}


def rules(labels: dict[str, str], direction: str) -> Iterator[Any]:
    for policy in POLICIES.values():
        selector: Any = policy.pod_selector
        if (selector.match_labels or {}).items() <= labels.items():
            found: Any = getattr(policy, direction)
            yield from found or []


def allowed(labels: dict[str, str], direction: str, address: str, port: int, protocol: str) -> bool:
    """As the agent on the node decides: of all rules, the longest prefix that holds the address, denials included."""
    best, verdict = -1, False
    for rule in rules(labels, direction):
        peers = rule.to if direction == "egress" else rule.from_
        ports = {(entry.port, entry.protocol) for entry in rule.ports}
        for peer in peers:
            block = peer.ip_block
            excluded: list[str] = block.except_ or []
            entries = [(str(block.cidr), (port, protocol) in ports), *((cidr, False) for cidr in excluded)]
            for cidr, verdict_of_entry in entries:
                network = ipaddress.IPv4Network(cidr)
                if ipaddress.IPv4Address(address) in network and network.prefixlen >= best:
                    verdict = verdict_of_entry or (verdict and network.prefixlen == best)
                    best = network.prefixlen
    return verdict


@pytest.mark.parametrize(
    ("labels", "direction", "address", "port", "protocol", "expected"),
    [
        (SERVER_LABELS, "ingress", "10.64.0.7", 8443, "TCP", True),
        (SERVER_LABELS, "ingress", "10.64.0.7", 8444, "TCP", False),
        (SERVER_LABELS, "ingress", "10.64.32.7", 8443, "TCP", False),
        (SERVER_LABELS, "ingress", "203.0.113.7", 8443, "TCP", False),
        (SERVER_LABELS, "egress", "10.64.96.7", 5432, "TCP", True),
        (SERVER_LABELS, "egress", "10.64.96.7", 6379, "TCP", True),
        (SERVER_LABELS, "egress", "10.64.96.7", 443, "TCP", False),
        (SERVER_LABELS, "egress", "10.64.32.7", 443, "TCP", False),
        (SERVER_LABELS, "egress", "169.254.169.254", 443, "TCP", False),
        (SERVER_LABELS, "egress", "169.254.170.23", 80, "TCP", False),
        (SERVER_LABELS, "egress", "192.168.1.1", 443, "TCP", False),
        (SERVER_LABELS, "egress", "203.0.113.7", 443, "TCP", True),
        (SERVER_LABELS, "egress", "203.0.113.7", 80, "TCP", False),
        (SERVER_LABELS, "egress", "172.20.0.10", 53, "UDP", True),
        (SERVER_LABELS, "egress", "172.20.0.10", 443, "TCP", False),
        (SERVER_LABELS, "egress", "172.20.0.1", 443, "TCP", False),
        (BOOTSTRAP_LABELS, "ingress", "10.64.0.7", 8443, "TCP", False),
        (BOOTSTRAP_LABELS, "egress", "10.64.96.7", 5432, "TCP", True),
        (BOOTSTRAP_LABELS, "egress", "10.64.96.7", 6379, "TCP", False),
        (BOOTSTRAP_LABELS, "egress", "203.0.113.7", 443, "TCP", False),
        (BOOTSTRAP_LABELS, "egress", "172.20.0.10", 53, "TCP", True),
        (OTHER, "egress", "172.20.0.10", 53, "UDP", True),
        (OTHER, "egress", "10.64.96.7", 5432, "TCP", False),
        (OTHER, "egress", "203.0.113.7", 443, "TCP", False),
        (OTHER, "ingress", "10.64.0.7", 8443, "TCP", False),
    ],
)
def test_packet(
    labels: dict[str, str],
    direction: str,
    address: str,
    port: int,
    protocol: str,
    expected: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    assert allowed(dict(labels), direction, address, port, protocol) is expected


def test_every_pod_is_denied_both_ways_before_anything_is_allowed() -> None:
    policy: Any = POLICIES["default-deny"]
    assert policy.pod_selector.match_labels is None
    assert policy.policy_types == ["Ingress", "Egress"]
    assert (policy.ingress, policy.egress) == (None, None)


def test_a_vpc_with_public_addresses_is_not_the_internet_either() -> None:
    peer: Any = internet("203.0.112.0/20")
    assert "203.0.112.0/20" in peer.ip_block.except_
    private: Any = internet("10.64.0.0/16")
    assert "10.64.0.0/16" not in private.ip_block.except_


def test_the_restricted_standard_is_enforced_at_the_version_of_the_cluster() -> None:
    labels = namespace_labels("1.35")
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert labels["pod-security.kubernetes.io/enforce-version"] == "v1.35"


def test_a_name_follows_its_content_and_nothing_else() -> None:
    assert named("tmi", {"a": 1, "b": 2}) == named("tmi", {"b": 2, "a": 1})
    assert named("tmi", {"a": 1}) != named("tmi", {"a": 2})
    assert len(named("tmi", "")) == len("tmi-") + 10
