"""Isolation: whichever way a security group rule or a route is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.graph import Resource
from policy.rules.network.isolation import DATA_ADMITS_GROUPS_ONLY, DATA_FAR_FROM_INTERNET, DATA_SUBNETS_CLOSED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

GROUP = "aws:ec2/securityGroup:SecurityGroup"
STANDALONE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OLDER = "aws:ec2/securityGroupRule:SecurityGroupRule"

ALB, PODS, DATA = (resource(GROUP, name) for name in ("alb", "pods", "database"))
DATABASE = resource("aws:rds/instance:Instance", "main", {"vpcSecurityGroupIds": [UNKNOWN]}, vpcSecurityGroupIds=DATA)


def standalone(
    target: Resource, name: str = "rule", source: Resource | None = None, /, **properties: Plain
) -> Resource:
    port: dict[str, Plain] = {"ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432}
    if source is None:
        return resource(STANDALONE, name, {**port, **properties}, securityGroupId=target)
    known = {**port, "referencedSecurityGroupId": UNKNOWN, **properties}
    return resource(STANDALONE, name, known, securityGroupId=target, referencedSecurityGroupId=source)


def older(target: Resource, source: Resource | None = None, /, **properties: Plain) -> Resource:
    known: dict[str, Plain] = {"type": "ingress", "protocol": "tcp", "fromPort": 5432, "toPort": 5432, **properties}
    if source is None:
        return resource(OLDER, "rule", known, securityGroupId=target)
    known["sourceSecurityGroupId"] = UNKNOWN
    return resource(OLDER, "rule", known, securityGroupId=target, sourceSecurityGroupId=source)


def inline(name: str, ingress: Plain, *sources: Resource) -> Resource:
    return resource(GROUP, name, {"ingress": ingress}, ingress=sources)


PORT: dict[str, Plain] = {"protocol": "tcp", "fromPort": 5432, "toPort": 5432}


@pytest.mark.parametrize(
    "rule",
    [
        standalone(DATA, "rule", PODS),
        older(DATA, PODS),
        older(DATA, PODS, cidrBlocks=[], prefixListIds=[], self=False),
        older(DATA, type="egress", cidrBlocks=["0.0.0.0/0"]),
        inline("database", [{**PORT, "securityGroups": [UNKNOWN]}], PODS),
        inline("database", None),
    ],
)
def test_a_group_on_the_one_port_is_admitted(rule: Resource) -> None:
    assert violations(DATA_ADMITS_GROUPS_ONLY, DATABASE, DATA, PODS, rule) == []


@pytest.mark.parametrize(
    ("rule", "admits"),
    [
        (standalone(DATA, cidrIpv4="0.0.0.0/0"), "0.0.0.0/0"),
        (standalone(DATA, cidrIpv4="10.0.0.0/16"), "10.0.0.0/16"),
        (standalone(DATA, cidrIpv6="0::0/0"), "::/0"),
        (standalone(DATA, cidrIpv4=UNKNOWN), "unknown until it is deployed"),
        (standalone(DATA, cidrIpv4=["10.0.0.0/8"]), "another value"),
        (standalone(DATA, cidrIpv4="bad\nrange"), "another text"),
        (standalone(DATA, prefixListId="pl-1"), "a prefix list"),
        (standalone(DATA, prefixListId=UNKNOWN), "a prefix list"),
        (standalone(DATA, referencedSecurityGroupId="sg-elsewhere"), "a group outside this stack"),
        (older(DATA, cidrBlocks=["10.1.0.0/16"]), "10.1.0.0/16"),
        (older(DATA, ipv6CidrBlocks=["::/0"]), "::/0"),
        (older(DATA, cidrBlocks=UNKNOWN), "unknown until it is deployed"),
        (older(DATA, prefixListIds=["pl-1"]), "a prefix list"),
        (inline("database", [{**PORT, "cidrBlocks": ["0.0.0.0/0"]}]), "0.0.0.0/0"),
        (inline("database", [{**PORT, "ipv6CidrBlocks": UNKNOWN}]), "unknown until it is deployed"),
        (inline("database", [{**PORT, "prefixListIds": ["pl-1"]}]), "a prefix list"),
    ],
)
def test_no_address_range_is_admitted_in_any_spelling(rule: Resource, admits: str) -> None:
    message = f"database holds data and admits {admits}; name a group of this stack"
    assert violations(DATA_ADMITS_GROUPS_ONLY, DATABASE, DATA, PODS, rule) == [(rule.name, message)]


@pytest.mark.parametrize("ingress", [UNKNOWN, "any", [UNKNOWN], ["any"], {"a": 1}])
def test_inline_rules_that_cannot_be_read_admit_anybody(ingress: Plain) -> None:
    found = violations(DATA_ADMITS_GROUPS_ONLY, DATABASE, inline("database", ingress))
    assert [name for name, _ in found] == ["database", "database"]
    assert "admits unknown until it is deployed" in found[0][1]


@pytest.mark.parametrize(
    ("properties", "opened"),
    [
        ({"toPort": 5433}, "tcp 5432-5433"),
        ({"fromPort": 0, "toPort": 65535}, "tcp 0-65535"),
        ({"fromPort": 6379, "toPort": 6379}, "tcp 6379"),
        ({"ipProtocol": "-1", "fromPort": None, "toPort": None}, "-1 all"),
        ({"ipProtocol": "udp"}, "udp 5432"),
        ({"ipProtocol": UNKNOWN}, "unknown until it is deployed 5432"),
        ({"fromPort": UNKNOWN}, "tcp unknown until it is deployed-5432"),
        ({"fromPort": "5432"}, "tcp another text-5432"),
    ],
)
def test_the_port_is_exact_and_known(properties: dict[str, Plain], opened: str) -> None:
    rule = standalone(DATA, "rule", PODS, **properties)
    message = f"database holds data and is opened for {opened}; open tcp port 5432 alone"
    assert violations(DATA_ADMITS_GROUPS_ONLY, DATABASE, DATA, PODS, rule) == [("rule", message)]


def test_a_cache_is_served_on_its_own_port() -> None:
    token = "aws:elasticache/replicationGroup:ReplicationGroup"  # noqa: S105 -- a type token
    cache = resource(token, "cache", {"securityGroupIds": [UNKNOWN]}, securityGroupIds=DATA)
    rule = standalone(DATA, "rule", PODS, fromPort=6379, toPort=6379)
    assert violations(DATA_ADMITS_GROUPS_ONLY, cache, DATA, PODS, rule) == []
    assert len(violations(DATA_ADMITS_GROUPS_ONLY, cache, DATA, PODS, standalone(DATA, "rule", PODS))) == 1


@pytest.mark.parametrize("attached", [None, [], UNKNOWN, ["sg-elsewhere"], "sg-elsewhere"])
def test_a_store_without_a_group_of_the_stack_is_refused(attached: Plain) -> None:
    store = resource(DATABASE.type, "main", {"vpcSecurityGroupIds": attached})
    message = "vpcSecurityGroupIds attaches no security group of this stack"
    assert violations(DATA_ADMITS_GROUPS_ONLY, store) == [("main", message)]


def test_a_group_from_elsewhere_beside_our_own_is_refused() -> None:
    known: dict[str, Plain] = {"vpcSecurityGroupIds": [UNKNOWN, "sg-elsewhere"]}
    store = resource(DATABASE.type, "main", known, vpcSecurityGroupIds=DATA)
    message = "vpcSecurityGroupIds attaches a security group that is not of this stack"
    assert violations(DATA_ADMITS_GROUPS_ONLY, store, DATA) == [("main", message)]


def test_a_rule_read_back_inline_resolves_its_group_by_id() -> None:
    pods = resource(GROUP, "pods", {"id": "sg-pods"})
    data = inline("database", [{**PORT, "securityGroups": ["sg-pods"], "cidrBlocks": []}])
    assert violations(DATA_ADMITS_GROUPS_ONLY, DATABASE, data, pods) == []


OPEN = standalone(ALB, "open", cidrIpv4="0.0.0.0/0", fromPort=443, toPort=443)
TO_PODS = standalone(PODS, "to-pods", ALB, fromPort=8443, toPort=8443)
TO_DATA = standalone(DATA, "to-data", PODS)
CHAIN = (DATABASE, DATA, PODS, ALB)


def test_three_hops_are_enough_and_fewer_are_reported_with_their_path() -> None:
    assert violations(DATA_FAR_FROM_INTERNET, *CHAIN, OPEN, TO_PODS, TO_DATA) == []
    found = violations(DATA_FAR_FROM_INTERNET, *CHAIN, OPEN, TO_PODS, standalone(DATA, "short", ALB))
    message = "the internet reaches it in 2 of at least 3 hops: internet -> alb:443 -> database:5432"
    assert found == [("database", message)]


@pytest.mark.parametrize("properties", [{"cidrIpv4": "0.0.0.0/1"}, {"cidrIpv4": UNKNOWN}, {"prefixListId": "pl-1"}])
def test_whatever_is_not_private_is_the_internet(properties: dict[str, Plain]) -> None:
    [(_, message)] = violations(DATA_FAR_FROM_INTERNET, *CHAIN, standalone(DATA, "open", **properties))
    assert message.endswith("in 1 of at least 3 hops: internet -> database:5432")


def test_a_private_range_may_be_the_balancer() -> None:
    wide = standalone(DATA, "wide", cidrIpv4="10.0.0.0/8")
    [(_, message)] = violations(DATA_FAR_FROM_INTERNET, *CHAIN, OPEN, wide)
    assert message.endswith("internet -> alb:443 -> database:5432")


def test_groups_that_admit_each_other_end_the_walk() -> None:
    loop = [standalone(PODS, "loop", DATA), standalone(DATA, "self", DATA), TO_DATA, TO_PODS, OPEN]
    assert violations(DATA_FAR_FROM_INTERNET, *CHAIN, *loop) == []


def test_the_cluster_stands_for_its_own_group() -> None:
    cluster = resource("aws:eks/cluster:Cluster", "cluster")
    rules = [standalone(cluster, "open", cidrIpv4="0.0.0.0/0"), standalone(DATA, "nodes", cluster)]
    [(_, message)] = violations(DATA_FAR_FROM_INTERNET, *CHAIN, cluster, *rules)
    assert message.endswith("internet -> cluster:5432 -> database:5432")


SUBNETS = tuple(resource("aws:ec2/subnet:Subnet", f"data-{zone}") for zone in "ab")
TABLE = resource("aws:ec2/routeTable:RouteTable", "closed")
ASSOCIATIONS = tuple(
    resource("aws:ec2/routeTableAssociation:RouteTableAssociation", subnet.name, subnetId=subnet, routeTableId=TABLE)
    for subnet in SUBNETS
)
SUBNET_GROUP = resource("aws:rds/subnetGroup:SubnetGroup", "database", {"subnetIds": [UNKNOWN] * 2}, subnetIds=SUBNETS)
CLOSED = (SUBNET_GROUP, *SUBNETS, TABLE, *ASSOCIATIONS)


def route(**properties: Plain) -> Resource:
    return resource("aws:ec2/route:Route", "route", properties, routeTableId=TABLE)


def test_closed_subnets_pass() -> None:
    assert violations(DATA_SUBNETS_CLOSED, *CLOSED) == []
    assert violations(DATA_SUBNETS_CLOSED, *CLOSED, route(destinationCidrBlock="10.9.0.0/16")) == []


@pytest.mark.parametrize(
    "properties",
    [
        {"destinationCidrBlock": "0.0.0.0/0", "natGatewayId": UNKNOWN},
        {"destinationCidrBlock": "0.0.0.0/00"},
        {"destinationCidrBlock": "128.0.0.0/1"},
        {"destinationCidrBlock": UNKNOWN},
        {"destinationCidrBlock": "any"},
        {"destinationIpv6CidrBlock": "::/0"},
        {"destinationIpv6CidrBlock": "0:0:0:0:0:0:0:0/0"},
        {"destinationPrefixListId": "pl-1"},
        {},
    ],
)
def test_no_standalone_route_leads_out(properties: dict[str, Plain]) -> None:
    found = violations(DATA_SUBNETS_CLOSED, *CLOSED, route(**properties))
    assert {name for name, _ in found} == {"route"}
    assert all("which holds data, and has a route" in message for _, message in found)


@pytest.mark.parametrize(
    ("routes", "closed"),
    [
        (None, True),
        ([], True),
        ([{"cidrBlock": "10.0.0.0/16", "gatewayId": "local"}], True),
        ([{"cidrBlock": "10.0.0.0/8", "ipv6CidrBlock": ""}], True),
        ([{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}], False),
        ([{"ipv6CidrBlock": "0::/0"}], False),
        ([UNKNOWN], False),
        (UNKNOWN, False),
        ("any", False),
    ],
)
def test_no_inline_route_leads_out(routes: Plain, *, closed: bool) -> None:
    table = resource(TABLE.type, TABLE.name, {"routes": routes})
    found = violations(DATA_SUBNETS_CLOSED, SUBNET_GROUP, *SUBNETS, table, *ASSOCIATIONS)
    assert (found == []) is closed


def test_the_main_route_table_is_no_table_of_ones_own() -> None:
    [(name, message)] = violations(DATA_SUBNETS_CLOSED, SUBNET_GROUP, *SUBNETS, TABLE, ASSOCIATIONS[0])
    assert (name, message) == (
        "data-b",
        "it has no route table association, so the network's main route table applies",
    )
    main = resource("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main", routeTableId=TABLE)
    assert len(violations(DATA_SUBNETS_CLOSED, *CLOSED, main)) == 2
    foreign = resource(ASSOCIATIONS[0].type, "foreign", {"routeTableId": "rtb-1"}, subnetId=SUBNETS[0])
    found = violations(DATA_SUBNETS_CLOSED, SUBNET_GROUP, *SUBNETS, TABLE, foreign, ASSOCIATIONS[1])
    assert found == [("foreign", "data-a needs a route table of its own, not a main or foreign one")]


@pytest.mark.parametrize(
    ("value", "allowed"), [(None, True), (False, True), (True, False), (UNKNOWN, False), ("", False)]
)
def test_no_public_addresses(value: Plain, *, allowed: bool) -> None:
    subnet = resource(SUBNETS[0].type, "data-a", {"mapPublicIpOnLaunch": value})
    found = violations(DATA_SUBNETS_CLOSED, SUBNET_GROUP, subnet, SUBNETS[1], TABLE, *ASSOCIATIONS)
    assert [name for name, _ in found] == ([] if allowed else ["data-a"])


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:lb/loadBalancer:LoadBalancer", "subnets"),
        ("aws:alb/loadBalancer:LoadBalancer", "subnetMappings"),
        ("aws:ec2/natGateway:NatGateway", "subnetId"),
    ],
)
def test_the_edge_has_other_subnets(token: str, name: str) -> None:
    sharing = replace(resource(token, "edge"), dependencies={name: (SUBNETS[0].urn,)})
    [(culprit, message)] = violations(DATA_SUBNETS_CLOSED, *CLOSED, sharing)
    assert culprit == "data-a"
    assert "give the data subnets of its own" in message


@pytest.mark.parametrize("token", ["aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup"])
def test_a_subnet_group_holds_two_of_our_subnets(token: str) -> None:
    found = violations(DATA_SUBNETS_CLOSED, resource(token, "group", {"subnetIds": ["subnet-1", "subnet-2"]}))
    strange = "one of subnetIds is no subnet of this stack, so nobody can tell where that leads"
    assert found == [("group", strange), ("group", "subnetIds names 0 subnets of this stack; two are the least")]
