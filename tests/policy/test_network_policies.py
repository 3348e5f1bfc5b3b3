"""Network policies: what each opens."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.cluster.network_policies import POLICIES_NARROW
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource
from tests.policy.pods import HUB, faults, named

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
BY_NAME = "kubernetes:networking.k8s.aws/v1alpha1:ApplicationNetworkPolicy"
EMPTY: Plain = {}
NONE: Plain = []


def policy(name: str = "policy", namespace: Plain = "tmi", /, token: str = POLICY, **spec: Plain) -> Resource:
    return resource(token, name, {**named(name, namespace), "spec": spec})


SUBNETS = [
    resource("aws:ec2/subnet:Subnet", name, {"cidrBlock": cidr})
    for name, cidr in (("edge", "10.0.0.0/24"), ("data", "10.0.4.0/24"))
]
BALANCER = resource("aws:lb/loadBalancer:LoadBalancer", "alb", {"subnets": [UNKNOWN]}, subnets=SUBNETS[0])
TARGETS = resource("aws:lb/targetGroup:TargetGroup", "pods", {"port": 8443})
AROUND = (*SUBNETS, BALANCER, TARGETS)
PEERLESS = "it names no peer"
PORTLESS = "it names no port, so all are open"
OUTSIDE = "it lets in from addresses outside the subnets of the load balancer"
RANGE = "it opens a range of ports"
OTHER_PORT = "it lets in from addresses on a port of no target group"
UNREADABLE = "its addresses cannot be read"


def block(cidr: Plain, *excepted: Plain) -> Plain:
    return {"ipBlock": {"cidr": cidr, "except": list(excepted)}}


def opened(way: str, peers: Plain, ports: Plain, token: str = POLICY) -> list[str]:
    field = "from" if way == "ingress" else "to"
    made = policy("it", token=token, **{way: [{field: peers, "ports": ports}]})
    found = faults(POLICIES_NARROW, *AROUND, made)
    assert all(each.startswith(f"spec.{way}, number 1: ") for each in found)
    return [each.removeprefix(f"spec.{way}, number 1: ") for each in found]


HTTPS: Plain = [{"port": 8443, "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("peers", "expected"),
    [
        ([block("10.0.0.0/24")], []),
        ([block("10.0.0.128/25")], []),
        ([{"podSelector": {"matchLabels": HUB}}], []),
        ([{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "tmi"}}}], []),
        (None, [PEERLESS]),
        ([], [PEERLESS]),
        ([EMPTY], [PEERLESS]),
        ([block("0.0.0.0/0")], [OUTSIDE]),
        ([block("10.0.4.0/24")], [OUTSIDE]),
        ([block("10.0.0.0/16")], [OUTSIDE]),
        ([block("::/0")], [OUTSIDE]),
        ([block("10.0.0.0/24"), block("10.0.4.0/24")], [OUTSIDE]),
        ([block(UNKNOWN)], [UNREADABLE]),
        ([block("edge")], [UNREADABLE]),
        ([{"podSelector": EMPTY}], ["it is for every pod of its namespace; select those it is for"]),
        (
            [{"namespaceSelector": EMPTY, "podSelector": {"matchLabels": HUB}}],
            ["it is for every namespace; select those it is for"],
        ),
    ],
)
def test_who_is_let_in(peers: Plain, expected: list[str]) -> None:
    assert opened("ingress", peers, HTTPS) == expected


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        (HTTPS, []),
        ([{"port": 9443}], [OTHER_PORT]),
        ([{"port": 8443}, {"port": 22}], [OTHER_PORT]),
        ([{"port": 8443, "endPort": 9443}], [RANGE]),
        (None, [PORTLESS]),
        ([], [PORTLESS]),
        ([{"protocol": "TCP"}], [PORTLESS, OTHER_PORT]),
        (UNKNOWN, [PORTLESS, RANGE, OTHER_PORT]),
    ],
)
def test_on_which_port(ports: Plain, expected: list[str]) -> None:
    assert opened("ingress", [block("10.0.0.0/24")], ports) == expected


def test_without_a_balancer_private_addresses_are_let_in() -> None:
    for cidr, expected in (("10.0.0.0/8", []), ("0.0.0.0/0", ["it lets in from addresses of the internet"])):
        made = policy("it", ingress=[{"from": [block(cidr)], "ports": HTTPS}])
        assert faults(POLICIES_NARROW, made) == [f"spec.ingress, number 1: {fault}" for fault in expected]


CLOSED_TO = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16")
METADATA = "it leads to the metadata of instances, 169.254.169.254"
PRIVATE = "it leads to private or link-local addresses besides the internet; list them in except"
BEYOND = "it leads to private addresses beyond one subnet"


@pytest.mark.parametrize(
    ("peers", "expected"),
    [
        ([block("10.0.4.0/24")], []),
        ([block("172.20.0.10/32")], []),
        ([block("169.254.170.23/32")], []),
        ([block("0.0.0.0/0", *CLOSED_TO)], []),
        ([block("0.0.0.0/0", *(each for each in CLOSED_TO if each != "10.0.0.0/8"), "10.0.0.0/9", "10.128.0.0/9")], []),
        ([block("203.0.113.0/24")], []),
        ([block("2001:db8::/32")], []),
        ([{"domainNames": ["login.example.com"]}], []),
        ([block("169.254.169.254/32")], [METADATA]),
        ([block("169.254.0.0/16")], [METADATA]),
        ([block("0.0.0.0/0")], [METADATA]),
        ([block("0.0.0.0/0", "169.254.0.0/16")], [PRIVATE]),
        ([block("0.0.0.0/0", *(each for each in CLOSED_TO if each != "192.168.0.0/16"))], [PRIVATE]),
        ([block("0.0.0.0/0", *CLOSED_TO[:-1], "169.254.169.254/32")], [PRIVATE]),
        ([block("0.0.0.0/0", UNKNOWN)], [METADATA]),
        ([block("::/0")], [METADATA]),
        ([block("::/0", "fc00::/7", "fe80::/10")], []),
        ([block("10.0.0.0/16")], [BEYOND]),
        ([block("10.0.8.0/24")], [BEYOND]),
        ([block(UNKNOWN)], [UNREADABLE]),
        ([block(None)], [UNREADABLE]),
        ([{"ipBlock": "10.0.4.0/24"}], [UNREADABLE]),
        ([{"domainNames": ["*"]}], ["it is for every name"]),
        ([{"domainNames": ["login.example.com", "."]}], ["it is for every name"]),
        ([{"domainNames": NONE}], [PEERLESS]),
        (None, [PEERLESS]),
        (UNKNOWN, [UNREADABLE]),
        ("all", [UNREADABLE]),
    ],
)
@pytest.mark.parametrize("token", [POLICY, BY_NAME])
def test_where_pods_may_go(peers: Plain, token: str, expected: list[str]) -> None:
    assert opened("egress", peers, [{"port": 443}], token) == expected


def test_every_fault_of_a_rule_is_said_once() -> None:
    assert opened("egress", [block("10.0.0.0/16"), block("10.0.8.0/24")], None) == [PORTLESS, BEYOND]


OF_A_CLUSTER: tuple[tuple[Plain, bool], ...] = (
    ({"ingress": [{"action": "Deny"}], "egress": [{"action": "Pass"}]}, True),
    ({}, True),
    (None, True),
    ({"egress": [{"action": "Deny"}, {"action": "Accept"}]}, False),
    ({"ingress": [{"action": UNKNOWN}]}, False),
    ({"ingress": [{}]}, False),
    ({"ingress": UNKNOWN}, False),
)


@pytest.mark.parametrize(("spec", "passes"), OF_A_CLUSTER)
@pytest.mark.parametrize(
    "kind",
    ["networking.k8s.aws/v1alpha1:ClusterNetworkPolicy", "policy.networking.k8s.io/v1alpha1:AdminNetworkPolicy"],
)
def test_a_policy_of_the_whole_cluster_opens_nothing(kind: str, spec: Plain, *, passes: bool) -> None:
    found = faults(POLICIES_NARROW, resource(f"kubernetes:{kind}", "it", {"spec": spec}))
    assert (found == []) is passes


@pytest.mark.parametrize(
    ("types", "passes"),
    [
        (None, True),
        ([], True),
        (["Ingress"], True),
        (["Ingress", "Egress"], True),
        (["Egress"], False),
        (UNKNOWN, False),
    ],
)
def test_the_rules_of_a_policy_are_in_force(types: Plain, *, passes: bool) -> None:
    made = policy("it", policyTypes=types, ingress=[{"from": [block("10.0.0.0/24")], "ports": HTTPS}])
    expected = [] if passes else ["spec.ingress is not in force: policyTypes lacks Ingress"]
    assert faults(POLICIES_NARROW, *AROUND, made) == expected
