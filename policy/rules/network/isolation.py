"""Isolation: what may speak to the data, from how far away, and whether the data could answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.graph import Graph, Resource
from policy.network.group_roles import BALANCERS, DATA, data_groups
from policy.network.paths import paths_from_internet, shown
from policy.network.security_groups import GROUPS, admissions
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.network.vpc import SUBNET, SUBNET_GROUPS
from policy.values import elements, is_private, present, read, show

_FEWEST_HOPS: Final = 3  # balancer, application, data

_ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
_SHARED_WITH_THE_EDGE: Final = (
    ("aws:ec2/natGateway:NatGateway", "subnetId", "a NAT gateway"),
    *((token, name, "a load balancer") for token in BALANCERS for name in ("subnets", "subnetMappings")),
)


def data_admits_groups_only(graph: Graph) -> Iterator[Violation]:
    """Every rule into a data group names a group and the one port; every store has a group of the stack, no other."""
    for token, (attaches, *_) in DATA.items():
        for store in graph.of_type(token):
            groups = graph.named(store, attaches, GROUPS)
            if not groups:
                # AWS attaches the network's default group where none is given, also to a replica.
                yield Violation(store, f"{attaches} attaches no security group of this stack")
            elif len(elements(store.get(attaches))) > len(groups):
                yield Violation(store, f"{attaches} attaches a security group that is not of this stack")
    into = {(group.urn, port) for _, group, port in data_groups(graph)}
    for admission in admissions(graph):
        for group, port in into:
            if group != admission.group.urn:
                continue
            where = f"{admission.group.name} holds data and"
            if not isinstance(admission.peer, Resource):
                yield Violation(admission.declared_by, f"{where} admits {admission.peer}; name a group of this stack")
            if admission.ports != (port, port) or admission.protocol != "tcp":
                wanted = f"open tcp port {port} alone"
                got = f"{show(admission.protocol)} {admission.port}"
                yield Violation(admission.declared_by, f"{where} is opened for {got}; {wanted}")


def data_far_from_internet(graph: Graph) -> Iterator[Violation]:
    """The shortest way from the internet to each data group has three hops or more."""
    paths = paths_from_internet(graph)
    for group in {group.urn: group for _, group, _ in data_groups(graph)}.values():
        path = paths.get(group.urn)
        hops = len(path) - 1 if path else _FEWEST_HOPS
        if path and hops < _FEWEST_HOPS:
            yield Violation(group, f"the internet reaches it in {hops} of at least {_FEWEST_HOPS} hops: {shown(path)}")


def data_subnets_closed(graph: Graph) -> Iterator[Violation]:
    """Each subnet of a database's or cache's subnet group has its own table of routes, none of which leads out."""
    for subnet_group in graph.of_type(*SUBNET_GROUPS):
        subnets = graph.named(subnet_group, "subnetIds", {SUBNET})
        ids = elements(subnet_group.get("subnetIds"))
        unknown = [each for each in ids if isinstance(each, str) and graph.identified(each, {SUBNET}) is None]
        if unknown or len(ids) > len(subnets):
            yield Violation(
                subnet_group, "one of subnetIds is no subnet of this stack, so nobody can tell where that leads"
            )
        if len(subnets) < 2:  # noqa: PLR2004 -- AWS wants two zones, and a zone is a subnet
            yield Violation(subnet_group, f"subnetIds names {len(subnets)} subnets of this stack; two are the least")
        for subnet in subnets:
            yield from _open_subnet(graph, subnet)


def _open_subnet(graph: Graph, subnet: Resource) -> Iterator[Violation]:
    if subnet.get("mapPublicIpOnLaunch") not in (None, False):  # absent: AWS gives no public address
        yield Violation(subnet, "mapPublicIpOnLaunch must be false in a subnet that holds data")
    for token, name, what in _SHARED_WITH_THE_EDGE:
        if graph.referring(subnet, name, token):
            yield Violation(subnet, f"it holds data and {what}; give the data subnets of its own")
    associations = graph.referring(subnet, "subnetId", "aws:ec2/routeTableAssociation:RouteTableAssociation")
    if not associations:
        yield Violation(subnet, "it has no route table association, so the network's main route table applies")
    for association in associations:
        tables = graph.references(association, "routeTableId", {_ROUTE_TABLE})
        main = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
        if not tables or any(graph.referring(table, "routeTableId", main) for table in tables):
            yield Violation(association, f"{subnet.name} needs a route table of its own, not a main or foreign one")
        for table in tables:
            yield from (
                Violation(culprit, f"{table.name} serves {subnet.name}, which holds data, and has {route}")
                for culprit, route in _routes_out(graph, table)
            )


def _routes_out(graph: Graph, table: Resource) -> Iterator[tuple[Resource, str]]:
    """Each (resource that declares it, description) of a route to somewhere that is not private."""
    inline = [(table, route, ("cidrBlock", "ipv6CidrBlock")) for route in elements(table.get("routes"))]
    standalone = [
        (route, route.properties, ("destinationCidrBlock", "destinationIpv6CidrBlock"))
        for route in graph.referring(table, "routeTableId", "aws:ec2/route:Route")
    ]
    for culprit, route, names in [*inline, *standalone]:
        if read(route, "gatewayId") == "local":
            continue
        stated = [value for name in names if present(value := read(route, name))]
        if not stated:
            yield culprit, "a route whose destination cannot be read, or is a prefix list"
        yield from ((culprit, f"a route to {show(value)}") for value in stated if not is_private(value))


DATA_ADMITS_GROUPS_ONLY: Final = GraphRule(
    about=Description(
        id="data-admits-groups-only",
        title="Only security groups reach the data tier, each on the one port it serves",
        severity=Severity.CRITICAL,
        frameworks=("FSBP EC2.18", "FSBP EC2.19", "FSBP RDS.18", "CIS AWS 5.3"),
        why="An address range admits whoever holds an address; a group admits the workload that was meant.",
        remediation="Refer to the workload's security group in a standalone rule on port 5432 or 6379, "
        "and attach a group of the stack to every instance, replica and cache.",
    ),
    check=data_admits_groups_only,
)
DATA_FAR_FROM_INTERNET: Final = GraphRule(
    about=Description(
        id="data-three-hops-from-internet",
        title="At least three hops lie between the internet and the data",
        severity=Severity.CRITICAL,
        frameworks=("FSBP RDS.46", "FSBP EC2.18"),
        why="Whoever breaks into the balancer must still break into the application before the data is in reach.",
        remediation="Admit to the data tier only the application's group, and to that only the balancer's.",
    ),
    check=data_far_from_internet,
)
DATA_SUBNETS_CLOSED: Final = GraphRule(
    about=Description(
        id="data-subnets-no-way-out",
        title="No route leads out of the data subnets",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.46", "FSBP EC2.15"),
        why="Data that was reached cannot be carried out if its subnet has no way out.",
        remediation="Associate each data subnet with a route table that has no route beyond private address space, "
        "and keep balancers and NAT gateways in other subnets.",
    ),
    check=data_subnets_closed,
)
