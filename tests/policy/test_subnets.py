"""Subnets: rules of their own, narrow ACLs, a way out in each zone, names that resolve."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.network.subnets import ACLS_NARROW, NAMES_RESOLVE, SUBNETS_APART, ZONES_LEAVE_ALONE
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations
from tests.policy.pods import faults

SUBNET = resource("aws:ec2/subnet:Subnet", "app", {"availabilityZone": "eu-west-1a"})
TABLE = resource("aws:ec2/routeTable:RouteTable", "table")
ACL = resource("aws:ec2/networkAcl:NetworkAcl", "acl")
IN_TABLE = resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "table", subnetId=SUBNET, routeTableId=TABLE)
IN_ACL = resource("aws:ec2/networkAclAssociation:NetworkAclAssociation", "acl", subnetId=SUBNET, networkAclId=ACL)
NO_TABLE = "no RouteTableAssociation gives it a route table of this stack"
NO_ACL = "no network ACL of this stack is associated with it"


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        ([TABLE, ACL, IN_TABLE, IN_ACL], []),
        ([TABLE, IN_TABLE, resource(ACL.type, "acl", subnetIds=SUBNET)], []),
        ([TABLE, IN_TABLE], [NO_ACL]),
        ([ACL, IN_ACL], [NO_TABLE]),
        ([TABLE, ACL], [NO_TABLE, NO_ACL]),
        ([IN_TABLE, IN_ACL], [NO_TABLE, NO_ACL]),
    ],
)
def test_a_subnet_has_rules_of_its_own(around: list[Resource], expected: list[str]) -> None:
    assert faults(SUBNETS_APART, SUBNET, *around) == expected


@pytest.mark.parametrize(
    ("given", "passes"),
    [
        ({"availabilityZone": "eu-west-1a"}, True),
        ({"availabilityZoneId": "euw1-az1"}, True),
        ({"availabilityZone": UNKNOWN}, True),
        ({"availabilityZone": ""}, False),
        ({}, False),
    ],
)
def test_a_subnet_has_a_zone(given: dict[str, Plain], *, passes: bool) -> None:
    around = (TABLE, ACL, IN_TABLE, IN_ACL)
    assert (faults(SUBNETS_APART, resource(SUBNET.type, "app", given), *around) == []) is passes


def entry(cidr: Plain, protocol: Plain, first: Plain, last: Plain) -> dict[str, Plain]:
    return {"cidrBlock": cidr, "protocol": protocol, "fromPort": first, "toPort": last}


@pytest.mark.parametrize("action", ["allow", None, UNKNOWN])
@pytest.mark.parametrize(
    ("given", "passes"),
    [
        (entry("0.0.0.0/0", "tcp", 443, 443), True),
        (entry("0.0.0.0/0", "6", 80, 80), True),
        (entry("0.0.0.0/0", "tcp", 1024, 65535), True),
        (entry("0.0.0.0/0", "icmp", 0, 0), True),
        (entry("10.0.0.0/16", "-1", 0, 0), True),
        ({**entry(None, "tcp", 443, 443), "ipv6CidrBlock": "::/0"}, True),
        ({**entry(None, "-1", 0, 0), "ipv6CidrBlock": "::/0"}, False),
        (entry("0.0.0.0/0", "-1", 0, 0), False),
        (entry("0.0.0.0/0", "udp", 443, 443), False),
        (entry("0.0.0.0/0", "tcp", 22, 22), False),
        (entry("0.0.0.0/0", "tcp", 3389, 3389), False),
        (entry("0.0.0.0/0", "tcp", 80, 443), False),
        (entry("0.0.0.0/1", "tcp", 22, 22), False),
        (entry("203.0.113.0/24", "tcp", 5432, 5432), False),
        (entry(UNKNOWN, "tcp", 22, 22), False),
        (entry("0.0.0.0/0", UNKNOWN, 443, 443), False),
        (entry("0.0.0.0/0", "tcp", UNKNOWN, 65535), False),
        ({}, False),
    ],
)
def test_an_acl_is_narrow_in_either_spelling(given: dict[str, Plain], action: Plain, *, passes: bool) -> None:
    rule = resource("aws:ec2/networkAclRule:NetworkAclRule", "it", {**given, "ruleAction": action})
    assert (faults(ACLS_NARROW, rule) == []) is passes
    inline = resource(ACL.type, "it", {"ingress": [], "egress": [{**given, "action": action}]})
    assert (faults(ACLS_NARROW, inline) == []) is passes


def test_a_denial_may_be_wide() -> None:
    denied = entry("0.0.0.0/0", "-1", 0, 0)
    rule = resource("aws:ec2/networkAclRule:NetworkAclRule", "it", {**denied, "ruleAction": "deny"})
    inline = resource(ACL.type, "acl", {"ingress": [{**denied, "action": "deny"}]})
    assert faults(ACLS_NARROW, rule, inline) == []
    assert len(faults(ACLS_NARROW, resource(ACL.type, "acl", {"ingress": UNKNOWN}))) == 1


EDGES = [
    resource(SUBNET.type, f"edge-{zone}", {"availabilityZone": f"eu-west-1{zone}", "id": f"subnet-{zone}"})
    for zone in "ab"
]
GATEWAYS = [
    resource("aws:ec2/natGateway:NatGateway", edge.name, {"id": f"nat-{edge.name}"}, subnetId=edge) for edge in EDGES
]


@pytest.mark.parametrize(
    ("gateway", "named", "passes"),
    [
        (UNKNOWN, GATEWAYS[:1], True),
        ("nat-edge-a", [], True),
        (UNKNOWN, GATEWAYS[1:], False),
        ("nat-edge-b", [], False),
        ("nat-elsewhere", [], False),
        (UNKNOWN, [], False),
        (None, [], True),
    ],
)
def test_a_zone_leaves_by_its_own_gateway(gateway: Plain, named: list[Resource], *, passes: bool) -> None:
    route = resource("aws:ec2/route:Route", "out", {"natGatewayId": gateway}, routeTableId=TABLE, natGatewayId=named)
    around = (*EDGES, *GATEWAYS, TABLE, IN_TABLE, SUBNET, route)
    expected = [] if passes else [("out", "natGatewayId must be a gateway in the zone of app")]
    assert violations(ZONES_LEAVE_ALONE, *around) == expected
    small = resource(SUBNET.type, "app", {**SUBNET.properties, "tags": {"tmi:tier": "development"}})
    assert violations(ZONES_LEAVE_ALONE, *(small if each is SUBNET else each for each in around)) == []
    assert violations(ZONES_LEAVE_ALONE, TABLE, IN_TABLE, SUBNET, route) == []


SUPPORT = "enableDnsSupport is {}; it must be true for its endpoints' names"
HOSTNAMES = "enableDnsHostnames is {}; it must be true for its endpoints' names"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"enableDnsHostnames": True}, []),
        ({"enableDnsHostnames": True, "enableDnsSupport": True}, []),
        ({}, [HOSTNAMES.format("absent")]),
        ({"enableDnsHostnames": "true"}, [HOSTNAMES.format("another text")]),
        ({"enableDnsHostnames": True, "enableDnsSupport": False}, [SUPPORT.format("false")]),
        ({"enableDnsHostnames": True, "enableDnsSupport": UNKNOWN}, [SUPPORT.format("unknown until it is deployed")]),
    ],
)
def test_a_vpc_resolves_what_its_endpoints_are_called(given: dict[str, Plain], expected: list[str]) -> None:
    vpc = resource("aws:ec2/vpc:Vpc", "vpc", given)
    token = "aws:ec2/vpcEndpoint:VpcEndpoint"  # noqa: S105 -- a type token
    for private in (True, False, None):
        endpoint = resource(token, "endpoint", {"privateDnsEnabled": private}, vpcId=vpc)
        assert faults(NAMES_RESOLVE, vpc, endpoint) == (expected if private else [])
    assert faults(NAMES_RESOLVE, vpc) == []
