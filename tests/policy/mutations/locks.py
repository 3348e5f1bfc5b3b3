"""Changes that take a lock away from the data, or open a way in to the workload."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from policy.graph import Graph, Resource
from policy.network.acls import associated
from policy.network.group_roles import Role, assignments, data_groups
from policy.network.routes import SUBNET
from policy.network.security_groups import CLUSTER, admissions
from policy.values import Plain
from tests.policy.mutations.changing import Mutation, first, referring_to, with_resource

_IN: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_OUT: Final = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
_RULE: Final = "aws:ec2/networkAclRule:NetworkAclRule"


def _ends(graph: Graph) -> tuple[Resource, Resource, int]:
    """The nodes' group, and the group and the port of a store.

    Before ids are known two groups may be the nodes': theirs is the one that the store does not admit.
    """
    _, data, port = next(data_groups(graph))
    admitted = {each.peer.urn for each in admissions(graph) if isinstance(each.peer, Resource) and each.group == data}
    held = {urn for roles in assignments(graph) for urn in roles if Role.NODES in roles[urn]}
    (nodes,) = held - admitted
    return graph.resources[nodes], data, port


def connected(token: str, graph: Graph, *, own: Resource, other: Resource, port: int) -> Graph:
    """A graph with one rule more, of a security group that names another."""
    like = first(graph, token)
    rule = replace(
        like,
        urn=f"{like.urn}-more",
        name="more",
        properties={"description": "more", "ipProtocol": "tcp", "fromPort": port, "toPort": port},
        dependencies={},
    )
    with_own = referring_to(with_resource(graph, rule), rule, "securityGroupId", own)
    return referring_to(with_own, with_own.resources[rule.urn], "referencedSecurityGroupId", other)


def _admitted(graph: Graph) -> Graph:
    nodes, data, port = _ends(graph)
    return connected(_IN, graph, own=data, other=nodes, port=port)


def _admitted_cluster(graph: Graph) -> Graph:
    _, data, port = next(data_groups(graph))
    return connected(_IN, graph, own=data, other=first(graph, CLUSTER), port=port)


def let_out(graph: Graph) -> Graph:
    """A graph in which the group of the nodes lets them out to the store."""
    nodes, data, port = _ends(graph)
    return connected(_OUT, graph, own=nodes, other=data, port=port)


def in_acl_of_data(graph: Graph) -> Graph:
    """A graph in which the ACL of the data lets the internet pass in both directions."""
    subnets = graph.references(first(graph, "aws:rds/subnetGroup:SubnetGroup"), "subnetIds", {SUBNET})
    for rule in (each for acl in associated(graph, subnets[0]) for each in graph.referring(acl, "networkAclId", _RULE)):
        graph = with_resource(graph, replace(rule, properties={**rule.properties, "cidrBlock": "0.0.0.0/0"}))
    return graph


def in_groups_of_data(graph: Graph) -> Graph:
    """A graph in which the group of a store lets the internet in."""
    _, data, port = next(data_groups(graph))
    like = first(graph, _IN)
    ports: dict[str, Plain] = {"ipProtocol": "tcp", "fromPort": port, "toPort": port}
    properties: dict[str, Plain] = {"description": "more", "cidrIpv4": "0.0.0.0/0", **ports}
    rule = replace(like, urn=f"{like.urn}-more", name="more", properties=properties, dependencies={})
    return referring_to(with_resource(graph, rule), rule, "securityGroupId", data)


def in_routes_of(name: str) -> Callable[[Graph], Graph]:
    """A graph in which a table of routes, of those whose name says so, leads to the internet gateway."""

    def apply(graph: Graph) -> Graph:
        table = next(each for each in graph.of_type("aws:ec2/routeTable:RouteTable") if name in each.name)
        gateway = first(graph, "aws:ec2/internetGateway:InternetGateway")
        like = first(graph, "aws:ec2/route:Route")
        properties = {"destinationCidrBlock": "0.0.0.0/0"}
        route = replace(like, urn=f"{like.urn}-more", name="more", properties=properties, dependencies={})
        by_table = referring_to(with_resource(graph, route), route, "routeTableId", table)
        return referring_to(by_table, by_table.resources[route.urn], "gatewayId", gateway)

    return apply


_LOCKS: Final = "data-behind-two-locks"

LOCKS: Final = (
    Mutation(_LOCKS, "the data admit the nodes", _admitted, frozenset({"groups-admit-known-peers"})),
    Mutation(_LOCKS, "the nodes are let out to the data", let_out, frozenset({"groups-reach-known-peers"})),
    Mutation(
        _LOCKS,
        "the internet meets neither groups nor ACLs before the data",
        lambda graph: in_groups_of_data(in_acl_of_data(graph)),
        frozenset(
            {
                "acls-narrow",
                "data-admits-groups-only",
                "data-behind-acls",
                "data-three-hops-from-internet",
                "groups-admit-known-peers",
            }
        ),
    ),
    Mutation(
        _LOCKS,
        "the internet meets neither ACLs nor routes before the data",
        lambda graph: in_routes_of("data")(in_acl_of_data(graph)),
        frozenset({"acls-narrow", "data-behind-acls", "data-subnets-no-way-out"}),
    ),
    Mutation("groups-admit-known-peers", "the group that EKS makes is admitted to the data", _admitted_cluster),
    Mutation("workloads-off-internet", "a workload's subnet has a route to the gateway", in_routes_of("app")),
)
