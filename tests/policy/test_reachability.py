"""Reachability: each connection of the platform, and none beside them, whichever way it is opened."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from policy.graph import Resource
from policy.network.group_roles import Role
from policy.rules.network.reachability import GROUPS_ADMIT_KNOWN_PEERS, GROUPS_REACH_KNOWN_PEERS
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

GROUP = "aws:ec2/securityGroup:SecurityGroup"
IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
OLDER = "aws:ec2/securityGroupRule:SecurityGroupRule"

ALB, PODS, NODES, CONTROL_PLANE, CANARY, ENDPOINTS, DATABASE, CACHE = (
    resource(GROUP, name)
    for name in ("alb", "pods", "nodes", "control-plane", "canary", "endpoints", "database", "cache")
)
BY_ROLE = {
    Role.BALANCER: ALB,
    Role.PODS: PODS,
    Role.NODES: NODES,
    Role.CONTROL_PLANE: CONTROL_PLANE,
    Role.CANARY: CANARY,
    Role.ENDPOINTS: ENDPOINTS,
    Role.DATABASE: DATABASE,
    Role.CACHE: CACHE,
}
IDS: dict[str, Plain] = {
    "securityGroupSelectorTerms": [{"id": "sg-nodes"}],
    "podSecurityGroupSelectorTerms": [{"id": "sg-pods"}],
}
BALANCER = resource("aws:lb/loadBalancer:LoadBalancer", "balancer", {"securityGroups": [UNKNOWN]}, securityGroups=ALB)
CLUSTER = resource(
    "aws:eks/cluster:Cluster",
    "cluster",
    {"vpcConfig": {"securityGroupIds": [UNKNOWN]}},
    vpcConfig=CONTROL_PLANE,
)
NODE_CLASS = resource("kubernetes:eks.amazonaws.com/v1:NodeClass", "nodes", {"spec": IDS}, spec=[NODES, PODS])
KNOWN = {
    ALB.urn: ALB,
    **{each.urn: replace(each, properties={"id": f"sg-{each.name}"}) for each in (PODS, NODES)},
}
HOLDERS = (
    BALANCER,
    CLUSTER,
    NODE_CLASS,
    resource("aws:synthetics/canary:Canary", "tries", {"vpcConfig": {"securityGroupIds": [UNKNOWN]}}, vpcConfig=CANARY),
    resource("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {}, securityGroupIds=ENDPOINTS),
    resource("aws:rds/instance:Instance", "store", {}, vpcSecurityGroupIds=DATABASE),
    resource("aws:elasticache/replicationGroup:ReplicationGroup", "sessions", {}, securityGroupIds=CACHE),
    *(KNOWN.get(each.urn, each) for each in BY_ROLE.values()),
)

CONNECTIONS = {
    (Role.BALANCER, Role.PODS): {8443},
    (Role.PODS, Role.DATABASE): {5432},
    (Role.PODS, Role.CACHE): {6379},
    (Role.PODS, Role.ENDPOINTS): {443},
    (Role.PODS, Role.CONTROL_PLANE): {443},
    (Role.PODS, Role.NODES): {10250},
    (Role.CANARY, Role.BALANCER): {443},
    (Role.CANARY, Role.ENDPOINTS): {443},
    (Role.NODES, Role.CONTROL_PLANE): {443},
    (Role.NODES, Role.ENDPOINTS): {443},
    (Role.CONTROL_PLANE, Role.NODES): {10250},
    (Role.CONTROL_PLANE, Role.PODS): {9443, 10251},
}
PORTS = (22, 80, 443, 5432, 6379, 8443, 9443, 10250, 10251)


def door(source: Resource, target: Resource, port: int, **properties: Plain) -> Resource:
    known: dict[str, Plain] = {"ipProtocol": "tcp", "fromPort": port, "toPort": port, **properties}
    known["referencedSecurityGroupId"] = UNKNOWN
    return resource(IN, "door", known, securityGroupId=target, referencedSecurityGroupId=source)


def out(source: Resource, target: Resource, port: int, **properties: Plain) -> Resource:
    known: dict[str, Plain] = {"ipProtocol": "tcp", "fromPort": port, "toPort": port, **properties}
    known["referencedSecurityGroupId"] = UNKNOWN
    return resource(OUT, "out", known, securityGroupId=source, referencedSecurityGroupId=target)


def ranged(token: str, group: Resource, port: int, **properties: Plain) -> Resource:
    known: dict[str, Plain] = {"ipProtocol": "tcp", "fromPort": port, "toPort": port, **properties}
    return resource(token, "ranged", known, securityGroupId=group)


def test_groups_that_are_attached_and_without_rules_are_sound() -> None:
    assert violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS) == []
    assert violations(GROUPS_REACH_KNOWN_PEERS, *HOLDERS) == []


@pytest.mark.parametrize("pair", [*permutations(BY_ROLE, 2), *((role, role) for role in BY_ROLE)], ids=str)
def test_every_pair_of_groups_has_its_ports_and_no_other(pair: tuple[Role, Role]) -> None:
    source, target = BY_ROLE[pair[0]], BY_ROLE[pair[1]]
    for port in PORTS:
        allowed = port in CONNECTIONS.get(pair, ())
        assert (violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, door(source, target, port)) == []) is allowed
        assert (violations(GROUPS_REACH_KNOWN_PEERS, *HOLDERS, out(source, target, port)) == []) is allowed


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "::/0", "10.9.0.0/16", "203.0.113.0/24"])
@pytest.mark.parametrize("role", BY_ROLE)
def test_address_ranges_reach_the_balancer_alone(role: Role, cidr: str) -> None:
    for port in PORTS:
        rule = ranged(IN, BY_ROLE[role], port, cidrIpv4=cidr)
        allowed = role is Role.BALANCER and port in (80, 443)
        assert (violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, rule) == []) is allowed


@pytest.mark.parametrize("role", BY_ROLE)
def test_pods_nodes_and_a_canary_alone_reach_the_internet_on_443(role: Role) -> None:
    for port in PORTS:
        rule = ranged(OUT, BY_ROLE[role], port, cidrIpv4="0.0.0.0/0")
        allowed = role in (Role.PODS, Role.NODES, Role.CANARY) and port == 443
        assert (violations(GROUPS_REACH_KNOWN_PEERS, *HOLDERS, rule) == []) is allowed


OPEN = replace(ranged(IN, ALB, 443, cidrIpv4="0.0.0.0/0"), urn="open", name="open")
TO_PODS = replace(door(ALB, PODS, 8443), urn="to-pods", name="to-pods")


def test_an_edge_is_reported_with_the_path_of_the_internet() -> None:
    found = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, OPEN, TO_PODS, door(PODS, DATABASE, 6379))
    edge = "it opens pods -> database:6379: pods to database is tcp 5432, one port a rule"
    path = "; the internet comes by it: internet -> alb:443 -> pods:8443 -> database:6379"
    assert found == [("door", edge + path)]


def test_an_edge_that_no_path_leads_to_is_reported_alone() -> None:
    found = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, door(NODES, DATABASE, 5432))
    assert found == [("door", "it opens nodes -> database:5432: nodes to database is no connection of this platform")]
    found = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, ranged(IN, PODS, 22, cidrIpv4="10.0.0.0/8"))
    assert found == [("ranged", "it opens 10.0.0.0/8 -> pods:22: internet to pods is no connection of this platform")]


def test_an_edge_from_the_internet_is_a_path_of_its_own() -> None:
    [(_, message)] = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, ranged(IN, PODS, 22, cidrIpv4="0.0.0.0/0"))
    assert message.endswith("; the internet comes by it: internet -> pods:22")


def test_a_path_is_told_from_the_internet_where_users_may_come_by_either() -> None:
    private = replace(OPEN, urn="private", properties={**OPEN.properties, "cidrIpv4": "10.9.0.0/16"})
    [(_, message)] = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, private, OPEN, TO_PODS, door(PODS, CACHE, 22))
    assert message.endswith("the internet comes by it: internet -> alb:443 -> pods:8443 -> cache:22")


def test_clients_of_an_internal_balancer_begin_a_path() -> None:
    private = replace(OPEN, properties={**OPEN.properties, "cidrIpv4": "10.9.0.0/16"})
    [(_, message)] = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, private, TO_PODS, door(PODS, CACHE, 22))
    assert message.endswith("the internet comes by it: 10.9.0.0/16 -> alb:443 -> pods:8443 -> cache:22")


@pytest.mark.parametrize(
    ("properties", "shown"),
    [
        ({"toPort": 8444}, "pods:8443-8444"),
        ({"ipProtocol": "udp"}, "pods:udp 8443"),
        ({"ipProtocol": "-1"}, "pods:all"),
        ({"ipProtocol": UNKNOWN}, "pods:unknown until it is deployed 8443"),
        ({"fromPort": UNKNOWN, "toPort": UNKNOWN}, "pods:unknown until it is deployed"),
        ({"fromPort": True, "toPort": True}, "pods:true"),
    ],
)
def test_the_port_is_one_and_known(properties: dict[str, Plain], shown: str) -> None:
    why = "balancer to pods is tcp 8443, one port a rule"
    [(_, message)] = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, door(ALB, PODS, 8443, **properties))
    assert message == f"it opens alb -> {shown}: {why}"
    [(_, message)] = violations(GROUPS_REACH_KNOWN_PEERS, *HOLDERS, out(ALB, PODS, 8443, **properties))
    assert message == f"it opens alb -> {shown}: {why}"


@pytest.mark.parametrize("kind", ["ingress", "egress", UNKNOWN])
def test_the_older_rule_is_read_by_its_direction(kind: Plain) -> None:
    known: dict[str, Plain] = {"type": kind, "protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}
    rule = resource(OLDER, "older", known, securityGroupId=PODS)
    assert (violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, rule) == []) is (kind == "egress")
    assert (violations(GROUPS_REACH_KNOWN_PEERS, *HOLDERS, rule) == []) is (kind == "ingress")


def test_inline_egress_is_seen() -> None:
    everything: Plain = [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}]
    wide = replace(DATABASE, properties={"egress": everything})
    found = violations(GROUPS_REACH_KNOWN_PEERS, *(wide if each == DATABASE else each for each in HOLDERS))
    edge = "it opens database -> 0.0.0.0/0:all: database to internet is no connection of this platform"
    assert found == [("database", edge)]


def test_a_group_that_nothing_attaches_is_reported_once() -> None:
    spare = resource(GROUP, "spare")
    found = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, spare, door(spare, PODS, 8443))
    assert found == [("spare", "nothing attaches it whose connections are known, so nobody can say what it is for")]


def test_rules_and_peers_from_outside_are_refused() -> None:
    foreign = resource(IN, "foreign", {"securityGroupId": "sg-elsewhere", "ipProtocol": "tcp", "cidrIpv4": "0.0.0.0/0"})
    assert violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, foreign) == [
        ("foreign", "the group that it belongs to is not of this stack")
    ]
    peer = ranged(IN, ALB, 443, referencedSecurityGroupId="sg-elsewhere")
    why = "one end is a group that this stack does not declare, or AWS's default"
    assert violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, peer) == [
        ("ranged", f"it opens a group outside this stack -> alb:443: {why}")
    ]
    [(name, message)] = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, door(CLUSTER, PODS, 9443))
    assert (name, message) == ("door", f"it opens cluster -> pods:9443: {why}")


def test_a_group_of_two_roles_may_do_what_either_may() -> None:
    both = replace(BALANCER, urn="second", name="second", dependencies={"securityGroups": (PODS.urn,)})
    [(_, message)] = violations(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS, both, door(PODS, DATABASE, 5432))
    assert "balancer to database is no connection of this platform" in message


@pytest.mark.parametrize("attached", [None, [], ["sg-elsewhere"]])
def test_a_balancer_or_a_control_plane_without_our_group_has_awss_default(attached: Plain) -> None:
    bare = resource(BALANCER.type, "bare", {"securityGroups": attached})
    wanted = "must attach security groups of this stack, and no other"
    assert violations(GROUPS_ADMIT_KNOWN_PEERS, bare) == [("bare", f"securityGroups {wanted}")]
    bare = resource(CLUSTER.type, "bare", {"vpcConfig": {"securityGroupIds": attached}})
    assert violations(GROUPS_ADMIT_KNOWN_PEERS, bare) == [("bare", f"vpcConfig.securityGroupIds {wanted}")]


def test_a_group_from_elsewhere_beside_ours_is_refused() -> None:
    mixed = replace(BALANCER, properties={"securityGroups": [UNKNOWN, "sg-elsewhere"]})
    assert len(violations(GROUPS_ADMIT_KNOWN_PEERS, mixed, ALB)) == 1


@pytest.mark.parametrize("terms", [None, [], [{"tags": {"Name": "pods"}}]])
def test_nodes_and_pods_are_selected_by_id(terms: Plain) -> None:
    spec: Plain = {**IDS, "podSecurityGroupSelectorTerms": terms}
    loose = replace(NODE_CLASS, properties={"spec": spec})
    found = violations(GROUPS_ADMIT_KNOWN_PEERS, *(loose if each == NODE_CLASS else each for each in HOLDERS))
    message = "spec.podSecurityGroupSelectorTerms must attach security groups of this stack, and no other"
    assert ("nodes", message) in found
