"""Two locks before the data, and workloads off the internet, over a small stack in which single things change."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from policy.graph import Graph, Resource
from policy.network.matrix import matrix, paths
from policy.rules.network.locks import DATA_BEHIND_TWO_LOCKS, WORKLOADS_OFF_INTERNET
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations
from tests.policy.places import (
    ACL,
    ALB,
    APP,
    BALANCER,
    CANARY,
    CLASS,
    DATA,
    EDGE,
    GROUP,
    IN,
    NODES,
    OUT,
    PODS,
    STACK,
    STORE,
    TABLES,
    TRIES,
    acl_rule,
    connection,
    door,
    route,
)

MAIN: Final = "database main"


def told(*more: Resource, without: tuple[Resource, ...] = ()) -> list[str]:
    """What the rule says of the stack with more in it, or with other things in the place of some."""
    known = {each.urn: each for each in (*STACK, *more) if each.urn not in {gone.urn for gone in without}}
    return [message for _, message in violations(DATA_BEHIND_TWO_LOCKS, *known.values())]


def weak(source: str, closed: str, passed: str, unknown: str = "") -> str:
    others = (f"; open: {passed}" if passed else "") + (f"; unknown: {unknown}" if unknown else "")
    return f"{source} -> {MAIN}:5432 is closed by {closed}, not by 2 layers{others}"


ONLY: Final = "its {} alone"
EGRESS, INGRESS, ROUTES, ACLS = "source's groups", "target's groups", "routes", "network ACLs"


def test_the_small_stack_is_sound() -> None:
    assert told() == []
    ways = paths(matrix(Graph.of(*STACK)))
    assert ways[MAIN] == ("internet", "balancer alb:443", "pods hub:8443", f"{MAIN}:5432")
    assert ways.keys() == {"balancer alb", "pods hub", MAIN}


_CASES: Final = {
    # Nodes and the canary stand where the pods do: the groups of both ends are their locks.
    "the data admit nodes": ([door(IN, DATA, NODES, 5432)], "nodes class", EGRESS),
    "nodes are let out": ([door(OUT, NODES, DATA, 5432)], "nodes class", INGRESS),
    "nodes are connected": (connection(NODES, DATA, 5432), "nodes class", ""),
    "the data admit the canary": ([door(IN, DATA, TRIES, 5432)], "canary tries", EGRESS),
    "the canary is let out to a range": ([door(OUT, TRIES, "10.0.0.0/8", 5432)], "canary tries", INGRESS),
    "another port is opened": (connection(NODES, DATA, 22), "", ""),
    # The balancer meets the ACL too, until that lets it pass.
    "the data admit the balancer": ([door(IN, DATA, ALB, 5432)], "", ""),
    "the balancer is connected": (connection(ALB, DATA, 5432), "balancer alb", ACLS),
    "group and ACL admit the balancer": (
        [door(IN, DATA, ALB, 5432), *acl_rule("10.0.0.0/24", number=20)],
        "balancer alb",
        EGRESS,
    ),
    # The internet meets routes, ACLs and the group.
    "the data have a route": ([route(TABLES[2])], "", ""),
    "the ACL admits the internet": (acl_rule("0.0.0.0/0", number=20), "", ""),
    "route and ACL": ([route(TABLES[2]), *acl_rule("0.0.0.0/0", number=20)], "internet", INGRESS),
    "route and group": ([route(TABLES[2]), door(IN, DATA, "203.0.113.0/24", 5432)], "internet", ACLS),
    "ACL and group": (
        [*acl_rule("203.0.113.0/24", number=20), door(IN, DATA, "203.0.113.7/32", 5432)],
        "internet",
        ROUTES,
    ),
    # Groups that admit each other in a circle bring nobody nearer.
    "a circle": ([*connection(NODES, TRIES, 22), *connection(TRIES, NODES, 22), door(IN, NODES, NODES, 22)], "", ""),
}
"""Each (what is declared besides, who comes nearer to the data by it, the one layer that still closes)."""


@pytest.mark.parametrize("case", _CASES)
def test_a_lock_that_is_missing_is_told(case: str) -> None:
    more, source, closed = _CASES[case]
    layers = [each for each in (EGRESS, INGRESS, ROUTES, ACLS) if (each, source) != (EGRESS, "internet")]
    passed = ", ".join(each for each in layers if each != closed)
    expected = [weak(source, ONLY.format(closed) if closed else "nothing", passed)] if source else []
    assert told(*more) == expected


OPEN_TO_NODES: Final = weak("nodes class", ONLY.format(EGRESS), f"{INGRESS}, {ROUTES}, {ACLS}")


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"fromPort": 0, "toPort": 65535}, [OPEN_TO_NODES]),
        ({"ipProtocol": "-1"}, [OPEN_TO_NODES]),
        ({"ipProtocol": "udp"}, []),
        ({"fromPort": UNKNOWN}, [weak("nodes class", ONLY.format(EGRESS), f"{ROUTES}, {ACLS}", INGRESS)]),
        ({"ipProtocol": UNKNOWN}, [weak("nodes class", ONLY.format(EGRESS), f"{ROUTES}, {ACLS}", INGRESS)]),
        ({"fromPort": ["a\nb"]}, [weak("nodes class", ONLY.format(EGRESS), f"{ROUTES}, {ACLS}", INGRESS)]),
    ],
)
def test_what_cannot_be_read_is_no_lock(properties: dict[str, Plain], expected: list[str]) -> None:
    rule = door(IN, DATA, NODES, 5432)
    assert told(replace(rule, properties={**rule.properties, **properties})) == expected


def test_a_store_of_which_nothing_is_known_has_no_lock_but_what_others_close() -> None:
    bare = resource(STORE.type, "bare")
    unclear = f"{INGRESS}, {ROUTES}, {ACLS}"
    assert told(bare) == [
        f"internet -> database bare:5432 is closed by nothing, not by 2 layers; unknown: {unclear}",
        *(
            f"{each} -> database bare:5432 is closed by its {EGRESS} alone, not by 2 layers; unknown: {unclear}"
            for each in ("balancer alb", "nodes class", "canary tries")
        ),
    ]


def test_a_replica_stands_where_its_source_does() -> None:
    replica = resource(STORE.type, "replica", replicateSourceDb=STORE, vpcSecurityGroupIds=DATA)
    assert told(replica) == []
    assert told(replica, door(IN, DATA, NODES, 5432)) == [
        OPEN_TO_NODES,
        OPEN_TO_NODES.replace(MAIN, "database replica"),
    ]


def test_nodes_whose_pods_have_no_groups_of_their_own_speak_for_their_pods() -> None:
    shared = {"securityGroupSelectorTerms": [{"id": "sg-pods"}], "podSecurityGroupSelectorTerms": [{"id": "sg-pods"}]}
    assert told(replace(CLASS, properties={"spec": shared}, dependencies={"spec": (APP.urn, PODS.urn)})) == []


def test_which_group_is_the_pods_may_be_open_before_ids_are_known() -> None:
    terms = {name: [{"id": UNKNOWN}] for name in ("securityGroupSelectorTerms", "podSecurityGroupSelectorTerms")}
    preview = [replace(CLASS, properties={"spec": terms}), *(replace(each, properties={}) for each in (PODS, NODES))]
    stack = {each.urn: each for each in (*STACK, *preview)}
    assert told(*preview) == []
    assert undecided(DATA_BEHIND_TWO_LOCKS, *stack.values()) == ["main"]
    # What is wrong whichever group is the nodes' is told at once, by the way that leaves most locks.
    assert told(*preview, door(IN, DATA, NODES, 5432)) == [OPEN_TO_NODES]


def test_names_of_any_shape_stay_in_their_message() -> None:
    odd = replace(CANARY, name="a\nb", urn=f"{CANARY.urn}-odd")
    assert told(odd, door(IN, DATA, TRIES, 5432))[-1].startswith("canary ")
    hostile: tuple[Plain, ...] = (7, [], {"": [None]}, "text", UNKNOWN)
    for value in hostile:
        assert isinstance(told(replace(BALANCER, properties={"subnets": value, "securityGroups": value})), list)


def test_a_stack_without_data_has_nothing_to_lock() -> None:
    assert told(without=(STORE,)) == []
    assert violations(DATA_BEHIND_TWO_LOCKS, resource(GROUP, "alone"), ACL) == []


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], []),
        ([route(TABLES[1])], [("app-out", "it leads app, where the workload stands, to an internet gateway")]),
        ([replace(route(TABLES[1]), properties={"natGatewayId": "nat-1", "destinationCidrBlock": "0.0.0.0/0"})], []),
        ([replace(route(TABLES[1]), properties={"gatewayId": UNKNOWN, "destinationCidrBlock": "10.9.0.0/16"})], []),
        ([route(TABLES[2])], []),  # data-subnets-no-way-out speaks of that
    ],
)
def test_workloads_stand_off_the_internet(more: list[Resource], expected: list[tuple[str, str]]) -> None:
    assert violations(WORKLOADS_OFF_INTERNET, *STACK, *more) == expected


def test_a_canary_in_the_edge_stands_on_the_internet() -> None:
    moved = replace(CANARY, dependencies={"vpcConfig": (EDGE.urn, TRIES.urn)})
    stack = {each.urn: each for each in (*STACK, moved)}
    assert [name for name, _ in violations(WORKLOADS_OFF_INTERNET, *stack.values())] == ["edge-out"]
    beside = replace(CANARY, properties={}, dependencies={})  # in a network of AWS
    stack = {each.urn: each for each in (*STACK, beside)}
    assert violations(WORKLOADS_OFF_INTERNET, *stack.values()) == []
