"""Who can speak to whom, over groups, ACLs and routes together."""

from __future__ import annotations

import itertools
from functools import cache

import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.firewall import Firewall, FirewallArgs
from components.network import Network
from components.settings.choices import NatGateways
from tests.cloud import run
from tests.network import network_arguments
from tests.packets import Host, Layer, Wiring

OFFICE = "10.200.0.0/16"


@cache
def wiring(nat: NatGateways = NatGateways.PER_ZONE, client_cidrs: tuple[str, ...] = ("0.0.0.0/0",)) -> Wiring:
    """The network and its firewall; where clients are listed, somebody has attached their networks to the edge."""

    def program() -> None:
        network = Network("network", network_arguments(nat))
        Firewall(
            "firewall",
            FirewallArgs(
                stack_name="tmi-dev", vpc_id=network.vpc_id, client_cidrs=client_cidrs, endpoints=True, canary=True
            ),
        )
        if client_cidrs == (OFFICE,):
            aws.ec2.Route(
                "attached-by-hand",
                route_table_id=network.edge_route_table_id,
                destination_cidr_block="10.192.0.0/11",
                transit_gateway_id="tgw",
            )

    return Wiring(run(program))


def member(address: str, role: str, *, public: bool = False) -> Host:
    return Host(address, group=f"firewall-{role}-id", public=public)


HOSTS = {
    "internet": Host("52.95.110.1", public=True),
    "s3": Host("52.218.0.1", public=True, in_s3=True),
    "office": Host("10.200.0.5"),
    "other office": Host("10.201.0.5"),
    "balancer": member("10.65.128.10", "alb", public=True),
    "stray in edge": Host("10.65.132.30", group="network-default-group-id", public=True),
    "pod": member("10.65.0.10", "pods"),
    "pod in c": member("10.65.64.10", "pods"),
    "node": member("10.65.0.20", "nodes"),
    "node in c": member("10.65.64.20", "nodes"),
    "control plane": member("10.65.32.10", "control-plane"),
    "canary": member("10.65.0.30", "canary"),
    "endpoint": member("10.65.144.10", "endpoints"),
    "database": member("10.65.160.10", "database"),
    "replica": member("10.65.164.10", "database"),
    "cache": member("10.65.168.10", "cache"),
    "stray in data": Host("10.65.160.30", group="network-default-group-id"),
}
OUTSIDE = {"internet", "s3", "office", "other office"}

PACKETS = [
    # The front door, and nothing beside it.
    ("internet", "balancer", 443, "allowed"),
    ("internet", "balancer", 80, "allowed"),
    ("internet", "balancer", 22, "acl+group"),
    ("internet", "balancer", 3389, "group"),  # answers come in on such ports: decision 7
    ("internet", "balancer", 8443, "group"),
    ("internet", "stray in edge", 443, "group"),
    ("internet", "pod", 8443, "acl+group+route"),
    ("internet", "pod", 443, "acl+group+route"),
    ("internet", "node", 22, "acl+group+route"),
    ("internet", "node", 10250, "acl+group+route"),
    ("internet", "control plane", 443, "acl+group+route"),
    ("internet", "endpoint", 443, "acl+group+route"),
    ("internet", "database", 5432, "acl+group+route"),
    ("internet", "cache", 6379, "acl+group+route"),
    ("office", "balancer", 443, "route"),  # a private address does not come by the internet
    # The balancer reaches the pods' one port.
    ("balancer", "pod", 8443, "allowed"),
    ("balancer", "pod in c", 8443, "allowed"),
    ("balancer", "pod", 8080, "group"),
    ("balancer", "pod", 22, "acl+group"),
    ("balancer", "node", 10250, "group"),
    ("balancer", "control plane", 443, "acl+group"),
    ("balancer", "database", 5432, "acl+group"),
    ("balancer", "cache", 6379, "acl+group"),
    ("balancer", "endpoint", 443, "acl+group"),
    ("balancer", "internet", 443, "group"),
    ("balancer", "s3", 443, "group"),
    # The canary tries TMI by whichever way clients come, and nothing behind it.
    ("canary", "balancer", 443, "allowed"),
    ("canary", "internet", 443, "allowed"),
    ("canary", "s3", 443, "allowed"),
    ("canary", "endpoint", 443, "allowed"),
    ("canary", "pod", 8443, "group"),
    ("canary", "database", 5432, "group"),
    ("canary", "cache", 6379, "group"),
    ("canary", "control plane", 443, "group"),
    ("pod", "canary", 443, "group"),
    # Pods.
    ("pod", "database", 5432, "allowed"),
    ("pod", "replica", 5432, "allowed"),
    ("pod in c", "database", 5432, "allowed"),
    ("pod", "cache", 6379, "allowed"),
    ("pod", "database", 6379, "group"),
    ("pod", "database", 22, "acl+group"),
    ("pod", "endpoint", 443, "allowed"),
    ("pod", "endpoint", 80, "acl+group"),
    ("pod", "internet", 443, "allowed"),
    ("pod", "internet", 80, "acl+group"),
    ("pod", "internet", 22, "acl+group"),
    ("pod", "s3", 443, "allowed"),
    ("pod", "office", 443, "route"),
    ("pod", "control plane", 443, "allowed"),
    ("pod", "node in c", 10250, "allowed"),
    ("pod", "pod in c", 8443, "group"),
    ("pod", "balancer", 443, "allowed"),  # a client like any other
    # Nodes and the control plane.
    ("node", "control plane", 443, "allowed"),
    ("node", "endpoint", 443, "allowed"),
    ("node", "internet", 443, "allowed"),
    ("node", "s3", 443, "allowed"),
    ("node", "balancer", 443, "allowed"),
    ("node", "database", 5432, "group"),
    ("node", "node in c", 22, "group"),
    ("control plane", "node", 10250, "allowed"),
    ("control plane", "pod", 10251, "allowed"),
    ("control plane", "pod in c", 9443, "allowed"),
    ("control plane", "database", 5432, "group"),
    ("control plane", "internet", 443, "group"),
    # Endpoints and data open nothing.
    ("endpoint", "database", 5432, "acl+group"),
    ("endpoint", "internet", 443, "acl+group+route"),
    ("database", "internet", 443, "acl+group+route"),
    ("database", "s3", 443, "acl+group+route"),
    ("database", "endpoint", 443, "acl+group"),
    ("database", "pod", 8443, "acl+group"),
    ("database", "replica", 5432, "acl+group"),
    ("cache", "internet", 443, "acl+group+route"),
    ("cache", "database", 5432, "acl+group"),
    ("stray in data", "database", 5432, "group"),
]
ALLOWED = {(source, target, port) for source, target, port, expected in PACKETS if expected == "allowed"}
PORTS = sorted({port for _, _, port, _ in PACKETS} | {53, 444, 2049, 5433, 6378, 10255, 65_535})


@pytest.mark.parametrize("nat", list(NatGateways))
@pytest.mark.parametrize(("source", "target", "port", "expected"), PACKETS)
def test_packets(source: str, target: str, port: int, expected: str, nat: NatGateways) -> None:
    assert str(wiring(nat).connects(HOSTS[source], HOSTS[target], port)) == expected


def kind(host: str) -> str:
    """What a host stands for, wherever it is."""
    return {"replica": "database"}.get(host, host.removesuffix(" in c"))


@pytest.mark.parametrize("nat", list(NatGateways))
def test_nothing_else_is_allowed(nat: NatGateways) -> None:
    expected = {(kind(source), kind(target), port) for source, target, port in ALLOWED}
    allowed = {
        (kind(source), kind(target), port)
        for source, target in itertools.permutations(HOSTS, 2)
        if source != "s3" and not {source, target} <= OUTSIDE  # S3 answers, and opens no connection
        for port in PORTS
        if str(wiring(nat).connects(HOSTS[source], HOSTS[target], port)) == "allowed"
    }
    assert allowed == expected


@given(st.integers(1, 65_535).filter(lambda port: port not in (80, 443)))
def test_the_internet_reaches_no_other_port(port: int) -> None:
    for target in HOSTS.keys() - OUTSIDE:
        assert Layer.GROUP in wiring().connects(HOSTS["internet"], HOSTS[target], port).refused_by


@given(answers_to=st.integers(1024, 65_535), nat=st.sampled_from(NatGateways))
def test_answers_come_back_on_every_ephemeral_port(answers_to: int, nat: NatGateways) -> None:
    for source, target, port in sorted(ALLOWED):
        verdict = wiring(nat).connects(HOSTS[source], HOSTS[target], port, answers_to=answers_to)
        assert str(verdict) == "allowed", (source, target, port)


@pytest.mark.parametrize(
    ("source", "target", "port"),
    [("internet", "balancer", 443), ("balancer", "pod", 8443), ("pod", "database", 5432), ("pod", "internet", 443)],
)
def test_answers_to_a_reserved_port_are_lost(source: str, target: str, port: int) -> None:
    assert str(wiring().connects(HOSTS[source], HOSTS[target], port, answers_to=1023)) == "acl"


@pytest.mark.parametrize(
    ("nat", "source", "target", "via"),
    [
        (NatGateways.PER_ZONE, "pod", "internet", "network-nat-eu-west-1a-id"),
        (NatGateways.PER_ZONE, "pod in c", "internet", "network-nat-eu-west-1c-id"),
        (NatGateways.SINGLE, "pod", "internet", "network-nat-eu-west-1a-id"),
        (NatGateways.SINGLE, "pod in c", "internet", "network-nat-eu-west-1a-id"),
        (NatGateways.PER_ZONE, "node in c", "s3", "s3"),
        (NatGateways.SINGLE, "pod in c", "s3", "s3"),
        (NatGateways.SINGLE, "pod", "database", "local"),
        (NatGateways.SINGLE, "internet", "balancer", "network-internet-id"),
        (NatGateways.SINGLE, "database", "internet", "nowhere"),
        (NatGateways.SINGLE, "database", "s3", "nowhere"),
        (NatGateways.SINGLE, "endpoint", "s3", "nowhere"),
    ],
)
def test_ways(nat: NatGateways, source: str, target: str, via: str) -> None:
    assert wiring(nat).connects(HOSTS[source], HOSTS[target], 443).via == via


@pytest.mark.parametrize(
    ("source", "target", "port", "expected"),
    [
        ("office", "private balancer", 443, "allowed"),
        ("office", "private balancer", 80, "allowed"),
        ("office", "private balancer", 8443, "group"),
        ("other office", "private balancer", 443, "group"),  # attached as well, but not listed
        ("internet", "private balancer", 443, "group+route"),
        ("office", "pod", 8443, "acl+group+route"),
        ("office", "database", 5432, "acl+group+route"),
        ("pod", "private balancer", 443, "group"),
        ("private balancer", "pod", 8443, "allowed"),
        ("private balancer", "office", 443, "group"),
        ("pod", "internet", 443, "allowed"),
    ],
)
def test_packets_of_an_internal_balancer(source: str, target: str, port: int, expected: str) -> None:
    hosts = {**HOSTS, "private balancer": member("10.65.128.10", "alb")}
    internal = wiring(client_cidrs=(OFFICE,))
    assert str(internal.connects(hosts[source], hosts[target], port)) == expected
