"""Subnets: each has rules of its own, its ACL opens no port to everybody, and it leaves by its own zone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.tiers import for_development
from policy.graph import Graph, Resource
from policy.network.acls import ACL, TCP, associated
from policy.network.group_roles import ENDPOINT
from policy.network.routes import tables
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.network.vpc import SUBNET, VPC
from policy.values import Plain, elements, is_private, present, read, show

_ACL_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"
_ROUTE: Final = "aws:ec2/route:Route"
_NAT: Final = "aws:ec2/natGateway:NatGateway"
_ICMP: Final = ("icmp", "1", 1, "58", 58, "icmpv6")
_WEB: Final = (80, 443)
_FIRST_OF_ANSWERS: Final = 1024
"""Answers come back on ports of the client's choice. Source: Amazon VPC User Guide, ephemeral ports."""


def subnets_apart(graph: Graph) -> Iterator[Violation]:
    """Each subnet has a route table and an ACL of its own: the defaults are empty, and nothing passes by them."""
    for subnet in graph.of_type(SUBNET):
        if not tables(graph, subnet):
            yield Violation(subnet, "no RouteTableAssociation gives it a route table of this stack")
        if not associated(graph, subnet):
            yield Violation(subnet, "no network ACL of this stack is associated with it")
        zone = subnet.get("availabilityZone")
        if not present(zone) and not present(subnet.get("availabilityZoneId")):  # absent: one of AWS's choice
            yield Violation(subnet, f"availabilityZone is {show(zone)}; it must be given")


def acls_narrow(graph: Graph) -> Iterator[Violation]:
    """An ACL lets everybody's addresses pass on the web's ports and as answers, and on no other."""
    for rule in graph.of_type(_ACL_RULE):
        if rule.get("ruleAction") != "deny":
            yield from _wide(rule, rule.properties, "")
    for acl in graph.of_type(ACL):
        for name in ("ingress", "egress"):
            for number, entry in enumerate(elements(acl.get(name)), start=1):
                if read(entry, "action") != "deny":
                    yield from _wide(acl, entry, f"{name}, number {number}: ")


def _wide(holder: Resource, entry: Plain, where: str) -> Iterator[Violation]:
    peer = read(entry, "ipv6CidrBlock" if present(read(entry, "ipv6CidrBlock")) else "cidrBlock")
    protocol, first, last = (read(entry, name) for name in ("protocol", "fromPort", "toPort"))
    if is_private(peer) or protocol in _ICMP:
        return
    answers = isinstance(first, int) and isinstance(last, int) and _FIRST_OF_ANSWERS <= first < last
    if protocol not in TCP or not (answers or (first == last and first in _WEB)):
        yield Violation(holder, f"{where}it lets {show(peer)} pass beside TCP 80, 443 and answers from 1024 on")


def zones_leave_alone(graph: Graph) -> Iterator[Violation]:
    """In production each private subnet leaves by a NAT gateway of the stack, one in its own zone."""
    gateways = graph.of_type(_NAT)
    for subnet in graph.of_type(SUBNET):
        if for_development(graph, subnet) or not gateways:
            continue
        for table in tables(graph, subnet):
            for route in graph.referring(table, "routeTableId", _ROUTE):
                if present(route.get("natGatewayId")):
                    named = graph.named(route, "natGatewayId", {_NAT})
                    zones = [each.get("availabilityZone") for gateway in named for each in _places(graph, gateway)]
                    if subnet.get("availabilityZone") not in zones:
                        yield Violation(route, f"natGatewayId must be a gateway in the zone of {subnet.name}")


def _places(graph: Graph, gateway: Resource) -> list[Resource]:
    return graph.named(gateway, "subnetId", {SUBNET})


def names_resolve(graph: Graph) -> Iterator[Violation]:
    """A VPC whose endpoints answer to private names resolves names, and gives them."""
    needed = {
        vpc.urn: vpc
        for endpoint in graph.of_type(ENDPOINT)
        if endpoint.get("privateDnsEnabled") is True
        for vpc in graph.named(endpoint, "vpcId", {VPC})
    }
    for vpc in needed.values():
        for name, allowed in (
            ("enableDnsSupport", (None, True)),
            ("enableDnsHostnames", (True,)),
        ):  # absent: true, false
            if vpc.get(name) not in allowed:
                yield Violation(vpc, f"{name} is {show(vpc.get(name))}; it must be true for its endpoints' names")


SUBNETS_APART: Final = GraphRule(
    about=Description(
        id="subnets-apart",
        title="Each subnet has a zone, a route table and a network ACL that were chosen for it",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC05", "FSBP EC2.16"),
        why="A subnet without them follows the VPC's defaults, which are empty here and wide open elsewhere.",
        remediation="Declare a RouteTableAssociation and a NetworkAclAssociation, and set availabilityZone.",
    ),
    check=subnets_apart,
)
ACLS_NARROW: Final = GraphRule(
    about=Description(
        id="acls-narrow",
        title="Network ACLs open no port but the web's to everybody",
        severity=Severity.MEDIUM,
        frameworks=("FSBP EC2.21", "CIS AWS 5.1"),
        why="The second lock must hold on the day the first one, a security group, is opened by mistake.",
        remediation="Name private ranges, or allow 80, 443 and answers from port 1024 on by TCP.",
    ),
    check=acls_narrow,
)
ZONES_LEAVE_ALONE: Final = GraphRule(
    about=Description(
        id="zones-leave-alone",
        title="In production each zone leaves by its own NAT gateway",
        severity=Severity.MEDIUM,
        frameworks=("WA REL10", "WA COST08"),
        why="Zones that share a gateway fail together, and pay for every byte between them.",
        remediation="Declare a NAT gateway and a route table for each zone, or tag the provider tmi:tier=development.",
    ),
    check=zones_leave_alone,
)
NAMES_RESOLVE: Final = GraphRule(
    about=Description(
        id="names-resolve-inside",
        title="VPCs resolve the private names of their endpoints",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC05", "FSBP EC2.55"),
        why="Without both settings AWS refuses the endpoint's private name, and what asks goes out by NAT.",
        remediation="Set enableDnsHostnames, and leave enableDnsSupport on.",
    ),
    check=names_resolve,
)
