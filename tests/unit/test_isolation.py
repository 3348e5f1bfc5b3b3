"""Who may speak to whom in TMI's namespace, asked packet by packet."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

import pytest

from components.server.content import named
from components.server.isolation import (
    BOOTSTRAP_LABELS,
    Surroundings,
    application_network_policies,
    internet,
    namespace_labels,
    network_policies,
)
from components.server.roles import Role
from components.settings.names import covers
from sandbox.cloud.kubernetes.schema import check_schema

OPEN: Final = Surroundings(
    vpc_cidr="10.64.0.0/16",
    cluster_dns="172.20.0.10",
    edge_cidrs=("10.64.0.0/24",),
    data_cidrs=("10.64.96.0/24",),
    endpoint_cidrs=("10.64.144.0/24",),
    destinations=None,
    telemetry=(),
)
NAMED: Final = replace(OPEN, destinations=("*.example.net", "login.example.com"))
TELEMETRY: Final = ("logs.eu-west-1.amazonaws.com", "xray.eu-west-1.amazonaws.com")
COLLECTED: Final = replace(OPEN, telemetry=TELEMETRY)
COLLECTED_AND_NAMED: Final = replace(NAMED, telemetry=TELEMETRY)
ROLES: Final = tuple(Role)
SERVER_LABELS: Final = Role.HUB.labels
DATABASE: Final = "tmi-dev-main.example.eu-west-1.rds.amazonaws.com"
REDIS: Final = "master.tmi-dev.example.euw1.cache.amazonaws.com"
OTHER = {"app.kubernetes.io/name": "other"}

ADDRESSES: Final = {
    "login.example.com": "203.0.113.10",
    "deep.keys.example.net": "203.0.113.11",
    "example.net": "203.0.113.12",
    "attacker.example.org": "198.51.100.7",
    DATABASE: "10.64.96.7",
    REDIS: "10.64.96.8",
    "logs.eu-west-1.amazonaws.com": "10.64.144.9",
    "xray.eu-west-1.amazonaws.com": "10.64.144.10",
    "kms.eu-west-1.amazonaws.com": "203.0.113.13",
}
"""What DNS answers. An address of the table stands for a connection without a lookup."""


Port: TypeAlias = tuple[int, str]
Block: TypeAlias = tuple[str, list[str], set[Port]]
"""Addresses, those excluded from them, and the ports open there."""


def blocks(around: Surroundings, labels: Mapping[str, str], direction: str) -> Iterator[Block]:
    """Every range of addresses in a policy of either kind that selects the pod."""
    for policy in network_policies(around, ROLES).values():
        selector: Any = policy.pod_selector
        if (selector.match_labels or {}).items() <= labels.items():
            rules: list[Any] = getattr(policy, direction) or []
            for rule in rules:
                peers: list[Any] = rule.to if direction == "egress" else rule.from_
                entries: list[Any] = rule.ports
                ports = {(entry.port, entry.protocol) for entry in entries}
                yield from ((str(peer.ip_block.cidr), peer.ip_block.except_ or [], ports) for peer in peers)
    for rule in named_rules(around, labels, direction):
        for peer in rule["to"]:
            if "ipBlock" in peer:
                yield peer["ipBlock"]["cidr"], peer["ipBlock"].get("except", []), open_ports(rule)


def named_policies(around: Surroundings) -> dict[str, dict[str, Any]]:
    return application_network_policies(around, ROLES, database_address=DATABASE, redis_endpoint=REDIS)


def named_rules(around: Surroundings, labels: Mapping[str, str], direction: str) -> Iterator[Any]:
    for policy in named_policies(around).values():
        if policy["podSelector"]["matchLabels"].items() <= labels.items():
            yield from policy.get(direction, [])


def open_ports(rule: Any) -> set[Port]:  # noqa: ANN401 -- a piece of a manifest
    return {(entry["port"], entry["protocol"]) for entry in rule["ports"]}


def allowed_by_address(
    around: Surroundings, labels: Mapping[str, str], direction: str, address: str, port: Port
) -> bool:
    """As the agent on the node decides: of all rules, the longest prefix that holds the address, denials included."""
    best, verdict = -1, False
    for cidr, excluded, ports in blocks(around, labels, direction):
        for candidate, verdict_of_entry in [(cidr, port in ports), *((denied, False) for denied in excluded)]:
            network = ipaddress.IPv4Network(candidate)
            if ipaddress.IPv4Address(address) in network and network.prefixlen >= best:
                verdict = verdict_of_entry or (verdict and network.prefixlen == best)
                best = network.prefixlen
    return verdict


def allowed_by_name(around: Surroundings, labels: Mapping[str, str], name: str, port: Port) -> bool:
    """As the node's DNS proxy decides: any rule that selects the pod and names what the pod looked up."""
    return any(
        covers(domain, name)
        for rule in named_rules(around, labels, "egress")
        if port in open_ports(rule)
        for peer in rule["to"]
        for domain in peer.get("domainNames", ())
    )


def allowed(
    around: Surroundings, labels: Mapping[str, str], direction: str, peer: str, port: int, protocol: str
) -> bool:
    """Both kinds of policy together: what either allows, is allowed."""
    by_name = direction == "egress" and allowed_by_name(around, labels, peer, (port, protocol))
    return by_name or allowed_by_address(around, labels, direction, ADDRESSES.get(peer, peer), (port, protocol))


@pytest.mark.parametrize(
    ("labels", "direction", "peer", "port", "protocol", "if_open", "if_named"),
    [
        (SERVER_LABELS, "ingress", "10.64.0.7", 8443, "TCP", True, True),
        (SERVER_LABELS, "ingress", "10.64.0.7", 8444, "TCP", False, False),
        (SERVER_LABELS, "ingress", "10.64.0.7", 9464, "TCP", False, False),
        (SERVER_LABELS, "ingress", "10.64.0.7", 4317, "TCP", False, False),
        (SERVER_LABELS, "ingress", "10.64.32.7", 9464, "TCP", False, False),
        (SERVER_LABELS, "ingress", "10.64.32.7", 4317, "TCP", False, False),
        (SERVER_LABELS, "ingress", "10.64.32.7", 13133, "TCP", False, False),
        (SERVER_LABELS, "egress", "10.64.32.7", 8443, "TCP", False, False),
        (SERVER_LABELS, "egress", "10.64.144.9", 443, "TCP", False, False),
        (SERVER_LABELS, "ingress", "10.64.32.7", 8443, "TCP", False, False),
        (SERVER_LABELS, "ingress", "203.0.113.7", 8443, "TCP", False, False),
        (SERVER_LABELS, "egress", "10.64.96.7", 5432, "TCP", True, True),
        (SERVER_LABELS, "egress", "10.64.96.7", 6379, "TCP", True, True),
        (SERVER_LABELS, "egress", "10.64.96.7", 443, "TCP", False, False),
        (SERVER_LABELS, "egress", "10.64.32.7", 443, "TCP", False, False),
        (SERVER_LABELS, "egress", "169.254.169.254", 443, "TCP", False, False),
        (SERVER_LABELS, "egress", "169.254.170.23", 80, "TCP", False, False),
        (SERVER_LABELS, "egress", "192.168.1.1", 443, "TCP", False, False),
        (SERVER_LABELS, "egress", "203.0.113.10", 443, "TCP", True, False),
        (SERVER_LABELS, "egress", "198.51.100.7", 443, "TCP", True, False),
        (SERVER_LABELS, "egress", "203.0.113.10", 80, "TCP", False, False),
        (SERVER_LABELS, "egress", "login.example.com", 443, "TCP", True, True),
        (SERVER_LABELS, "egress", "login.example.com", 80, "TCP", False, False),
        (SERVER_LABELS, "egress", "login.example.com", 443, "UDP", False, False),
        (SERVER_LABELS, "egress", "login.example.com", 53, "UDP", False, False),
        (SERVER_LABELS, "egress", "deep.keys.example.net", 443, "TCP", True, True),
        (SERVER_LABELS, "egress", "example.net", 443, "TCP", True, False),
        (SERVER_LABELS, "egress", "attacker.example.org", 443, "TCP", True, False),
        (SERVER_LABELS, "egress", DATABASE, 5432, "TCP", True, True),
        (SERVER_LABELS, "egress", DATABASE, 443, "TCP", False, False),
        (SERVER_LABELS, "egress", REDIS, 6379, "TCP", True, True),
        (SERVER_LABELS, "egress", REDIS, 443, "TCP", False, False),
        (SERVER_LABELS, "egress", "172.20.0.10", 53, "UDP", True, True),
        (SERVER_LABELS, "egress", "172.20.0.10", 53, "TCP", True, True),
        (SERVER_LABELS, "egress", "172.20.0.10", 443, "TCP", False, False),
        (SERVER_LABELS, "egress", "172.20.0.1", 443, "TCP", False, False),
        (SERVER_LABELS, "egress", "203.0.113.10", 53, "UDP", False, False),
        (BOOTSTRAP_LABELS, "ingress", "10.64.0.7", 8443, "TCP", False, False),
        (BOOTSTRAP_LABELS, "egress", "10.64.96.7", 5432, "TCP", True, True),
        (BOOTSTRAP_LABELS, "egress", "10.64.96.7", 6379, "TCP", False, False),
        (BOOTSTRAP_LABELS, "egress", "203.0.113.10", 443, "TCP", False, False),
        (BOOTSTRAP_LABELS, "egress", "login.example.com", 443, "TCP", False, False),
        (BOOTSTRAP_LABELS, "egress", "172.20.0.10", 53, "TCP", True, True),
        (OTHER, "egress", "172.20.0.10", 53, "UDP", True, True),
        (OTHER, "egress", "10.64.96.7", 5432, "TCP", False, False),
        (OTHER, "egress", "203.0.113.10", 443, "TCP", False, False),
        (OTHER, "egress", "login.example.com", 443, "TCP", False, False),
        (OTHER, "ingress", "10.64.0.7", 8443, "TCP", False, False),
    ],
)
def test_packet(
    labels: dict[str, str],
    direction: str,
    peer: str,
    port: int,
    protocol: str,
    if_open: bool,  # noqa: FBT001 -- a column of the table
    if_named: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    assert allowed(OPEN, labels, direction, peer, port, protocol) is if_open
    assert allowed(NAMED, labels, direction, peer, port, protocol) is if_named
    if labels == Role.HUB.labels:
        assert allowed(OPEN, Role.POOL.labels, direction, peer, port, protocol) is if_open
        assert allowed(NAMED, Role.POOL.labels, direction, peer, port, protocol) is if_named


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("direction", "peer", "port", "if_open", "if_named"),
    [
        ("egress", "169.254.170.23", 80, True, True),
        ("egress", "169.254.170.23", 443, False, False),
        ("egress", "169.254.169.254", 80, False, False),
        ("egress", "10.64.144.9", 443, True, True),
        ("egress", "10.64.144.9", 80, False, False),
        ("egress", "logs.eu-west-1.amazonaws.com", 443, True, True),
        ("egress", "xray.eu-west-1.amazonaws.com", 443, True, True),
        ("egress", "kms.eu-west-1.amazonaws.com", 443, True, False),
        ("egress", "10.64.32.7", 4317, False, False),
        ("ingress", "10.64.32.7", 4317, False, False),
        ("ingress", "10.64.0.7", 9464, False, False),
        ("ingress", "10.64.0.7", 8443, True, True),
    ],
)
def test_packet_where_a_collector_sends_to_aws(
    role: Role,
    direction: str,
    peer: str,
    port: int,
    if_open: bool,  # noqa: FBT001 -- a column of the table
    if_named: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    assert allowed(COLLECTED, role.labels, direction, peer, port, "TCP") is if_open
    assert allowed(COLLECTED_AND_NAMED, role.labels, direction, peer, port, "TCP") is if_named


def test_without_endpoints_there_is_no_way_into_the_vpc_for_the_collector() -> None:
    outside = replace(COLLECTED, endpoint_cidrs=())
    assert not allowed(outside, Role.HUB.labels, "egress", "10.64.144.9", 443, "TCP")
    assert allowed(outside, Role.HUB.labels, "egress", "169.254.170.23", 80, "TCP")


@pytest.mark.parametrize("around", [OPEN, NAMED, COLLECTED, COLLECTED_AND_NAMED])
def test_a_pod_of_no_role_gains_nothing_by_the_others(around: Surroundings) -> None:
    for labels in (OTHER, {"app.kubernetes.io/name": "tmi"}):
        for peer in ("10.64.96.7", "10.64.144.9", "203.0.113.10", "169.254.170.23", "logs.eu-west-1.amazonaws.com"):
            assert not any(allowed(around, labels, "egress", peer, port, "TCP") for port in (80, 443, 5432, 6379))


def test_where_no_pool_stands_there_is_no_policy_of_one() -> None:
    assert network_policies(OPEN, [Role.HUB]).keys() == {"default-deny", "dns", "hub", "database-bootstrap"}
    assert network_policies(OPEN, ROLES).keys() - network_policies(OPEN, [Role.HUB]).keys() == {"pool"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (DATABASE, True),
        (REDIS, True),
        ("login.example.com", True),
        ("deep.keys.example.net", True),
        ("example.net", False),
        ("attacker.example.org", False),
        ("other-tenant.example.eu-west-1.rds.amazonaws.com", False),
        ("kms.eu-west-1.amazonaws.com", False),
    ],
)
def test_what_tmi_needs_is_looked_up_and_nothing_else(
    name: str,
    expected: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    domains = [
        domain
        for rule in named_rules(NAMED, SERVER_LABELS, "egress")
        for peer in rule["to"]
        for domain in peer.get("domainNames", ())
    ]
    assert any(covers(domain, name) for domain in domains) is expected


def test_lookups_are_allowed_where_names_are() -> None:
    policies = named_policies(NAMED)
    assert policies.keys() == {"hub-destinations", "pool-destinations"}
    for policy in policies.values():
        dns = policy["egress"][0]
        assert dns["to"] == [{"ipBlock": {"cidr": "172.20.0.10/32"}}]
        assert open_ports(dns) == {(53, "UDP"), (53, "TCP")}


def test_of_two_policies_with_one_name_only_one_would_count() -> None:
    assert named_policies(NAMED).keys().isdisjoint(network_policies(NAMED, ROLES))


def test_no_name_is_no_way_out() -> None:
    nothing = replace(OPEN, destinations=())
    assert named_policies(OPEN) == {}
    assert allowed(OPEN, SERVER_LABELS, "egress", "login.example.com", 443, "TCP")
    assert not allowed(nothing, SERVER_LABELS, "egress", "login.example.com", 443, "TCP")
    assert allowed(nothing, SERVER_LABELS, "egress", DATABASE, 5432, "TCP")


@pytest.mark.parametrize("around", [NAMED, replace(OPEN, destinations=())])
def test_the_policy_with_names_fits_its_schema(around: Surroundings) -> None:
    for role, spec in named_policies(around).items():
        whole: dict[str, Any] = {
            "apiVersion": "networking.k8s.aws/v1alpha1",
            "kind": "ApplicationNetworkPolicy",
            "metadata": {"name": role, "namespace": "tmi"},
            "spec": spec,
        }
        assert list(check_schema(whole, "1.35")) == []
        assert list(check_schema({**whole, "spec": {**spec, "egres": []}}, "1.35"))


def test_every_pod_is_denied_both_ways_before_anything_is_allowed() -> None:
    policy: Any = network_policies(NAMED, ROLES)["default-deny"]
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


def test_pods_wait_for_the_load_balancer() -> None:
    assert namespace_labels("1.35")["eks.amazonaws.com/pod-readiness-gate-inject"] == "enabled"


def test_a_name_follows_its_content_and_nothing_else() -> None:
    assert named("tmi", {"a": 1, "b": 2}) == named("tmi", {"b": 2, "a": 1})
    assert named("tmi", {"a": 1}) != named("tmi", {"a": 2})
    assert len(named("tmi", "")) == len("tmi-") + 10
