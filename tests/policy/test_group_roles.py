"""Roles of groups: told by what attaches them, as far as it can be told."""

from __future__ import annotations

from dataclasses import replace

from policy.graph import Graph, Resource
from policy.network.group_roles import Role, assignments
from policy.rules.network.reachability import GROUPS_ADMIT_KNOWN_PEERS
from policy.values import UNKNOWN, Plain
from tests.policy.making import undecided, violations
from tests.policy.test_reachability import BY_ROLE, DATABASE, HOLDERS, IDS, NODE_CLASS, NODES, PODS, TO_PODS, door

IN_PREVIEW = replace(
    NODE_CLASS,
    properties={"spec": {name: [{"id": UNKNOWN}] for name in IDS}},
)


def in_preview(*rules: Resource) -> tuple[Resource, ...]:
    """The same holders and groups while no id is known, so that a NodeClass names two groups and not which is which."""
    others = [each for each in HOLDERS if each.urn not in (NODE_CLASS.urn, PODS.urn, NODES.urn)]
    return (*others, PODS, NODES, IN_PREVIEW, *rules)


def test_the_two_groups_of_a_node_class_are_told_apart_by_their_rules_while_ids_are_unknown() -> None:
    sound = in_preview(TO_PODS, door(PODS, DATABASE, 5432))
    assert len(assignments(Graph.of(*sound))) == 2
    assert violations(GROUPS_ADMIT_KNOWN_PEERS, *sound) == []
    assert undecided(GROUPS_ADMIT_KNOWN_PEERS, *sound) == ["nodes"]
    both = in_preview(TO_PODS, door(NODES, DATABASE, 5432))
    assert [name for name, _ in violations(GROUPS_ADMIT_KNOWN_PEERS, *both)] == ["door"]


def test_nothing_is_open_about_a_node_class_once_ids_are_known() -> None:
    assert undecided(GROUPS_ADMIT_KNOWN_PEERS, *HOLDERS) == []
    swapped: Plain = {
        "securityGroupSelectorTerms": IDS["podSecurityGroupSelectorTerms"],
        "podSecurityGroupSelectorTerms": IDS["securityGroupSelectorTerms"],
    }
    wrong = replace(NODE_CLASS, properties={"spec": swapped})
    found = violations(GROUPS_ADMIT_KNOWN_PEERS, *(wrong if each == NODE_CLASS else each for each in HOLDERS), TO_PODS)
    assert [name for name, _ in found] == ["to-pods"]


def test_one_group_for_nodes_and_pods_may_do_what_either_may() -> None:
    shared = replace(IN_PREVIEW, dependencies={"spec": (PODS.urn,)})
    [known] = assignments(Graph.of(shared, PODS))
    assert known == {PODS.urn: {Role.NODES, Role.PODS}}


def test_each_group_has_the_role_of_what_attaches_it() -> None:
    [known] = assignments(Graph.of(*HOLDERS))
    assert known == {group.urn: {role} for role, group in BY_ROLE.items()}
