"""Layers and places: who is among the peers of a security group, and where things stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.graph import Graph, Resource
from policy.network.addresses import EVERYWHERE
from policy.network.group_roles import assignments
from policy.network.layers import Layer, judgements
from policy.network.places import Place, places
from policy.network.verdicts import Verdict, any_way, every_step
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource
from tests.policy.places import (
    ALB,
    APP,
    DATA,
    EDGE,
    GROUP,
    HUBS,
    IN,
    NODES,
    PODS,
    STACK,
    STORE,
    SUBNET_GROUP,
    TRIES,
    door,
)

OPEN, CLOSED, NOBODY_KNOWS, ABSENT = Verdict.OPEN, Verdict.CLOSED, Verdict.UNKNOWN, Verdict.ABSENT


def found(*more: Resource) -> tuple[Graph, dict[str, Place]]:
    graph = Graph.of(*{each.urn: each for each in (*STACK, *more)}.values())
    return graph, {place.name: place for place in places(graph, assignments(graph)[0])}


def ingress(source: str, *more: Resource) -> Verdict:
    graph, known = found(*more)
    return dict(judgements(graph, known[source], known["database main"], 5432))[Layer.INGRESS]


def ranged(**peer: Plain) -> Resource:
    rule = door(IN, DATA, "10.0.0.0/8", 5432)
    return replace(rule, properties={**rule.properties, "cidrIpv4": None, **peer})


INLINE: dict[str, Plain] = {"protocol": "tcp", "fromPort": 5432, "toPort": 5432}


def inline(rule: Plain) -> Resource:
    return replace(DATA, properties={"id": "sg-data", "ingress": [rule]})


@pytest.mark.parametrize(
    ("rule", "of_internet", "of_nodes"),
    [
        (ranged(cidrIpv4="0.0.0.0/0"), OPEN, OPEN),
        (ranged(cidrIpv4="10.0.0.0/8"), CLOSED, OPEN),
        (ranged(cidrIpv4="10.0.1.128/25"), CLOSED, OPEN),
        (ranged(cidrIpv4="10.0.0.0/24"), CLOSED, CLOSED),  # the edge
        (ranged(cidrIpv4="203.0.113.7/32"), OPEN, CLOSED),
        (ranged(cidrIpv6="::/0"), OPEN, CLOSED),
        (ranged(cidrIpv4=UNKNOWN), OPEN, NOBODY_KNOWS),
        (ranged(prefixListId="pl-1"), OPEN, NOBODY_KNOWS),
        (ranged(referencedSecurityGroupId="sg-elsewhere"), CLOSED, CLOSED),
        (ranged(referencedSecurityGroupId="sg-nodes"), CLOSED, OPEN),  # by its id
        (inline({**INLINE, "cidrBlocks": ["0.0.0.0/0"]}), OPEN, OPEN),
        (inline({**INLINE, "securityGroups": ["sg-nodes"]}), CLOSED, OPEN),
        (inline(UNKNOWN), NOBODY_KNOWS, NOBODY_KNOWS),
    ],
)
def test_peers_of_a_group(rule: Resource, of_internet: Verdict, of_nodes: Verdict) -> None:
    assert (ingress("internet", rule), ingress("nodes class", rule)) == (of_internet, of_nodes)


def test_the_older_rule_counts() -> None:
    token = "aws:ec2/securityGroupRule:SecurityGroupRule"  # noqa: S105 -- a type
    known: dict[str, Plain] = {**INLINE, "type": "ingress", "sourceSecurityGroupId": UNKNOWN}
    rule = resource(token, "older", known, securityGroupId=DATA, sourceSecurityGroupId=NODES)
    assert ingress("nodes class", rule) is OPEN
    assert ingress("nodes class", replace(rule, properties={**known, "type": "egress"})) is CLOSED


def test_a_place_whose_groups_are_not_all_known_may_be_anybody() -> None:
    foreign = resource("aws:synthetics/canary:Canary", "other", {"vpcConfig": {"securityGroupIds": ["sg-1"]}})
    foreign = made_from(foreign, "vpcConfig", APP)
    elsewhere = ranged(referencedSecurityGroupId="sg-1")
    assert ingress("canary other", foreign, door(IN, DATA, NODES, 5432)) is NOBODY_KNOWS
    assert ingress("canary other", foreign, elsewhere) is NOBODY_KNOWS
    assert ingress("canary tries", foreign, elsewhere) is CLOSED


def test_the_control_plane_bears_the_group_that_eks_makes() -> None:
    cluster = resource("aws:eks/cluster:Cluster", "it", {"vpcConfig": UNKNOWN}, vpcConfig=[APP, TRIES])
    graph, known = found(cluster, door(IN, DATA, cluster, 5432))
    plane = known["control plane it"]
    assert plane.groups == {TRIES.urn, cluster.urn}
    verdicts = dict(judgements(graph, plane, known["database main"], 5432))
    assert (verdicts[Layer.EGRESS], verdicts[Layer.INGRESS]) == (OPEN, OPEN)


def test_a_pod_in_its_hosts_network_is_no_pod_to_policies() -> None:
    spec = {"template": {"metadata": {}, "spec": {"hostNetwork": True}}}
    graph, known = found(replace(HUBS, properties={**HUBS.properties, "spec": spec}))
    pod = known["pods hub"]
    assert (pod.groups, pod.pod) == ({NODES.urn}, None)
    assert dict(judgements(graph, pod, known["database main"], 5432))[Layer.POLICIES] is ABSENT


def test_endpoints_that_are_held_alike_are_one_place() -> None:
    group = resource(GROUP, "endpoints")
    kind: dict[str, Plain] = {"vpcEndpointType": "Interface"}
    token = "aws:ec2/vpcEndpoint:VpcEndpoint"  # noqa: S105 -- a type
    two = [resource(token, name, kind, subnetIds=APP, securityGroupIds=group) for name in ("b", "a")]
    other = resource(token, "other", kind, subnetIds=EDGE, securityGroupIds=group)
    gateway = resource(token, "gateway", {}, subnetIds=APP)
    _, known = found(group, *two, other, gateway)
    assert [name for name in known if name.startswith("endpoints")] == ["endpoints a", "endpoints other"]


def test_places_whose_subnets_are_not_known_may_be_anywhere() -> None:
    balancer = resource("aws:lb/loadBalancer:LoadBalancer", "bare", {"subnets": ["subnet-1"]}, securityGroups=ALB)
    graph, known = found(balancer)
    place = known["balancer bare"]
    assert (place.subnets, place.ranges, place.ports) == ((), EVERYWHERE, ())
    verdicts = dict(judgements(graph, place, known["pods hub"], 8443))
    assert (verdicts[Layer.ROUTES], verdicts[Layer.ACLS]) == (NOBODY_KNOWS, NOBODY_KNOWS)


def test_within_a_subnet_no_acl_is_asked() -> None:
    beside = resource(STORE.type, "beside", dbSubnetGroupName=SUBNET_GROUP, vpcSecurityGroupIds=DATA)
    graph, known = found(beside)
    nodes, main = known["nodes class"], known["database main"]
    ways = [(known["database beside"], main), (nodes, main), (known["balancer alb"], main)]
    said = [dict(judgements(graph, source, target, 5432))[Layer.ACLS] for source, target in ways]
    assert said == [OPEN, OPEN, CLOSED]


def test_pods_have_groups_and_ports_of_their_own() -> None:
    pod = found()[1]["pods hub"]
    assert (pod.groups, pod.ports, pod.subnets) == ({PODS.urn}, (8443,), (APP,))


def test_verdicts_come_together() -> None:
    assert any_way([]) is CLOSED
    assert any_way([CLOSED, NOBODY_KNOWS]) is NOBODY_KNOWS
    assert any_way([CLOSED, NOBODY_KNOWS, OPEN]) is OPEN
    assert every_step(OPEN, NOBODY_KNOWS) is NOBODY_KNOWS
    assert every_step(OPEN, NOBODY_KNOWS, CLOSED) is CLOSED
    assert every_step(ABSENT, OPEN) is OPEN
    assert every_step(ABSENT, ABSENT) is ABSENT
