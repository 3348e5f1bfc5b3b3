"""What security groups are for, told by what attaches them: never by a name or a tag, which anybody can give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import permutations
from typing import Final, TypeAlias

from policy.graph import Graph, Resource
from policy.network.security_groups import CLUSTER, GROUPS, NODES, RULES
from policy.values import Plain, elements, read


class Role(StrEnum):
    """An end of a connection."""

    INTERNET = "internet"
    """Any address range. Those of an internal balancer's clients are private, and trusted no more than this."""
    BALANCER = "balancer"
    PODS = "pods"
    NODES = "nodes"
    CONTROL_PLANE = "control plane"
    CANARY = "canary"
    """Whatever tries the platform as a client would."""
    ENDPOINTS = "endpoints"
    DATABASE = "database"
    CACHE = "cache"


DATA: Final[Mapping[str, tuple[str, int, Role]]] = {
    "aws:rds/instance:Instance": ("vpcSecurityGroupIds", 5432, Role.DATABASE),
    "aws:rds/cluster:Cluster": ("vpcSecurityGroupIds", 5432, Role.DATABASE),
    "aws:rds/proxy:Proxy": ("vpcSecurityGroupIds", 5432, Role.DATABASE),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("securityGroupIds", 6379, Role.CACHE),
    "aws:elasticache/cluster:Cluster": ("securityGroupIds", 6379, Role.CACHE),
    "aws:elasticache/serverlessCache:ServerlessCache": ("securityGroupIds", 6379, Role.CACHE),
}
"""Where data lives: the property that attaches groups, the one TCP port that is served, and the groups' role."""

BALANCERS: Final = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
CANARY: Final = "aws:synthetics/canary:Canary"
ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
NODE_CLASS: Final = "kubernetes:eks.amazonaws.com/v1:NodeClass"

ATTACHED: Final[Mapping[str, tuple[tuple[str, ...], Role]]] = {
    **dict.fromkeys(BALANCERS, (("securityGroups",), Role.BALANCER)),
    ENDPOINT: (("securityGroupIds",), Role.ENDPOINTS),
    CANARY: (("vpcConfig", "securityGroupIds"), Role.CANARY),
    CLUSTER: (("vpcConfig", "securityGroupIds"), Role.CONTROL_PLANE),
    **{token: ((attaches,), role) for token, (attaches, _, role) in DATA.items()},
}
"""The path at which a type attaches groups, and what it makes of them."""

_SELECTORS: Final[Mapping[str, Role]] = {
    "securityGroupSelectorTerms": Role.NODES,
    "podSecurityGroupSelectorTerms": Role.PODS,
}
"""Where a NodeClass of EKS Auto Mode names the groups. Source: Amazon EKS User Guide, create a node class."""

_KNOWN: Final = frozenset({*ATTACHED, *RULES, *NODES})
"""Types that name groups, and of which rules know what for."""

_MOST_WAYS: Final = 64
"""Of more NodeClasses that are open not every way is tried, but those in which all of them are read alike."""

Roles: TypeAlias = Mapping[str, frozenset[Role]]
"""The roles of each group that has any, by URN."""


def data_groups(graph: Graph) -> Iterator[tuple[Resource, Resource, int]]:
    """Each (store of data, group attached to it, port it serves)."""
    for token, (attaches, port, _) in DATA.items():
        for store in graph.of_type(token):
            for group in graph.named(store, attaches, GROUPS):
                yield store, group, port


def assignments(graph: Graph) -> Sequence[Roles]:
    """Each way the groups may have their roles: one, unless a NodeClass leaves it open.

    Its two selectors are one property to the engine. Before the ids are known it tells which groups the two hold, not
    which of them is the pods': then there is one assignment for either order.
    """
    return graph.once(_assignments)


def _assignments(graph: Graph) -> Sequence[Roles]:
    certain: dict[str, set[Role]] = {}
    for token, ((name, *within), role) in ATTACHED.items():
        for holder in graph.of_type(token):
            for group in graph.named(holder, name, GROUPS, *within):
                certain.setdefault(group.urn, set()).add(role)
    choices: list[dict[str, set[Role]]] = [certain]
    for node_class in graph.of_type(NODE_CLASS):
        of_class = _of_node_class(graph, node_class)
        if len(choices) * len(of_class) > _MOST_WAYS:
            choices = [choices[0], choices[-1]]
        choices = [
            {**known, **{urn: known.get(urn, set()) | roles for urn, roles in roles_of_class.items()}}
            for known in choices
            for roles_of_class in of_class
        ]
    return [{urn: frozenset(roles) for urn, roles in each.items()} for each in choices]


def unattached(graph: Graph) -> list[tuple[Resource, str]]:
    """Each (resource that needs groups, what is missing): without one AWS attaches a default that nobody wrote."""
    found: list[tuple[Resource, str]] = []
    for token, ((name, *within), role) in ATTACHED.items():
        if role in (Role.BALANCER, Role.CONTROL_PLANE):  # data and endpoints have rules of their own
            for holder in graph.of_type(token):
                groups = graph.named(holder, name, GROUPS, *within)
                if not groups or len(elements(holder.get(name, *within))) > len(groups):
                    found.append((holder, ".".join((name, *within))))
    for node_class in graph.of_type(NODE_CLASS):
        known = any(_of_node_class(graph, node_class))
        for name in _SELECTORS:
            ids = [read(term, "id") for term in _terms(node_class, name)]  # absent: it selects by tags or by a name
            if not known or not ids or None in ids:
                found.append((node_class, f"spec.{name}"))
    return found


def held_by_strangers(graph: Graph) -> frozenset[str]:
    """The URNs of the groups that something of AWS attaches of which no rule knows what connections it has."""
    return graph.once(_held_by_strangers)


def _held_by_strangers(graph: Graph) -> frozenset[str]:
    return frozenset(
        urn
        for resource in graph
        if resource.type.startswith(("aws:", "aws-native:")) and resource.type not in _KNOWN
        for name, urns in resource.dependencies.items()
        if _names_groups({name: resource.get(name)})
        for urn in urns
    )


def _names_groups(value: Plain) -> bool:
    if isinstance(value, Mapping):
        return any("securitygroup" in name.lower() or _names_groups(value[name]) for name in value)
    return any(_names_groups(each) for each in value) if isinstance(value, (list, tuple)) else False


def undecided_classes(graph: Graph) -> list[Resource]:
    """The NodeClasses of which it cannot be told yet which group is the pods'."""
    return [each for each in graph.of_type(NODE_CLASS) if len(_of_node_class(graph, each)) > 1]


def _of_node_class(graph: Graph, node_class: Resource) -> list[dict[str, set[Role]]]:
    selected = {role: [read(term, "id") for term in _terms(node_class, name)] for name, role in _SELECTORS.items()}
    found: dict[str, set[Role]] = {}
    for role, ids in selected.items():
        for group in (graph.identified(value, GROUPS) for value in ids):
            if group is not None:
                found.setdefault(group.urn, set()).add(role)
    referred = graph.references(node_class, "spec", GROUPS)
    unnamed = [group.urn for group in referred if group.urn not in found]
    roles = [role for role in _SELECTORS.values() if not any(role in held for held in found.values())]
    if len(unnamed) == len(roles):
        orders = [dict(zip(unnamed, order, strict=True)) for order in permutations(roles)]
        return [{**found, **{urn: {role} for urn, role in order.items()}} for order in orders]
    # One group for both selectors, or three for two: each has every role, and may do only what all of them may.
    return [{**found, **{urn: set(roles or _SELECTORS.values()) for urn in unnamed}}]


def _terms(node_class: Resource, name: str) -> Sequence[Plain]:
    return elements(node_class.get("spec", name))
