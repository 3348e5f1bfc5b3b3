"""Routes: which subnets the internet reaches, which reach it, and which reach each other.

Four spellings of a route exist: `aws:ec2/route`, inline in a table, inline in the default table that is adopted, and by
the table that was made the main one. Source: Amazon VPC User Guide, route tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from policy.graph import Graph, Resource
from policy.network.addresses import overlap
from policy.network.verdicts import Verdict, any_way, decided
from policy.values import UNKNOWN, Plain, elements, is_private, network, present, read

VPC: Final = "aws:ec2/vpc:Vpc"
SUBNET: Final = "aws:ec2/subnet:Subnet"
ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
_DEFAULT_TABLE: Final = "aws:ec2/defaultRouteTable:DefaultRouteTable"
_ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_MAIN: Final = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
_ROUTE: Final = "aws:ec2/route:Route"
_INTERNET_GATEWAY: Final = "aws:ec2/internetGateway:InternetGateway"
_GATEWAYS: Final = frozenset({_INTERNET_GATEWAY, "aws:ec2/vpnGateway:VpnGateway"})


class Way(StrEnum):
    """Where a route leads."""

    INTERNET = "an internet gateway"
    """Both ways, for what has a public address; nobody looks whether it has one, so no way is missed."""
    NAT = "a NAT gateway"
    """Outward alone; an egress-only gateway is the same for IPv6."""
    OTHER = "another network"
    """A peer, a transit gateway, a private gateway or an appliance: what is behind it is not known."""


@dataclass(frozen=True, slots=True)
class Route:
    """One route that leads out of a VPC, whichever way it is written."""

    way: Way
    destinations: tuple[Plain, ...]
    """Address ranges; none for a prefix list."""
    declared_by: Resource

    @property
    def public(self) -> bool:
        """Whether it leads to addresses of the internet, or may."""
        return not self.destinations or not all(map(is_private, self.destinations))


def routes(graph: Graph, subnet: Resource) -> list[Route] | None:
    """The routes out of a subnet, of its own table or else the main one; `None` if that is not of this stack."""
    found = tables(graph, subnet)
    if not graph.referring(subnet, "subnetId", _ASSOCIATION):
        found = [each for vpc in graph.named(subnet, "vpcId", {VPC}) for each in _main(graph, vpc)]
    return [route for table in found for route in _of_table(graph, table)] if found else None


def tables(graph: Graph, subnet: Resource) -> list[Resource]:
    """The route tables of this stack that a subnet is given to, the main one apart."""
    associations = graph.referring(subnet, "subnetId", _ASSOCIATION)
    return [table for each in associations for table in graph.references(each, "routeTableId", {ROUTE_TABLE})]


def _main(graph: Graph, vpc: Resource) -> list[Resource]:
    """What holds the routes of a VPC's main table: the table that was made it, else the default one and the VPC."""
    made = [
        table
        for association in graph.referring(vpc, "vpcId", _MAIN)
        for table in graph.references(association, "routeTableId", {ROUTE_TABLE})
    ]
    return made or [*graph.referring(vpc, "defaultRouteTableId", _DEFAULT_TABLE), vpc]


def _of_table(graph: Graph, table: Resource) -> Iterator[Route]:
    for route in graph.referring(table, "routeTableId", _ROUTE):
        names = ("destinationCidrBlock", "destinationIpv6CidrBlock")
        yield from _route(graph, route, route.properties, names, "gatewayId")
    if table.type != VPC:
        for route in elements(table.get("routes")):
            yield from _route(graph, table, route, ("cidrBlock", "ipv6CidrBlock"), "routes")


def _route(graph: Graph, declared_by: Resource, route: Plain, names: tuple[str, str], held_in: str) -> Iterator[Route]:
    destinations = tuple(filter(present, (read(route, name) for name in names)))
    if not isinstance(route, Mapping):
        yield Route(Way.INTERNET, (UNKNOWN,), declared_by)
    elif present(gateway := route.get("gatewayId")):
        if gateway != "local":
            kinds = {each.type for each in graph.references(declared_by, held_in, _GATEWAYS)}
            known = graph.identified(gateway, _GATEWAYS)
            internet = isinstance(gateway, str) and gateway.startswith("igw-")
            kinds |= {known.type} if known else set()
            unclear = gateway is UNKNOWN and not kinds
            way = Way.INTERNET if internet or unclear or _INTERNET_GATEWAY in kinds else Way.OTHER
            yield Route(way, destinations, declared_by)
    elif present(route.get("natGatewayId")) or present(route.get("egressOnlyGatewayId")):
        yield Route(Way.NAT, destinations, declared_by)
    else:
        yield Route(Way.OTHER, destinations, declared_by)


def from_internet(graph: Graph, subnet: Resource) -> Verdict:
    """Whether connections from the internet find their way into a subnet."""
    return _public(graph, subnet, {Way.INTERNET})


def to_internet(graph: Graph, subnet: Resource) -> Verdict:
    """Whether connections out of a subnet find their way to the internet."""
    return _public(graph, subnet, {Way.INTERNET, Way.NAT})


def _public(graph: Graph, subnet: Resource, ways: set[Way]) -> Verdict:
    found = routes(graph, subnet)
    if found is None:
        return Verdict.UNKNOWN
    public = {route.way for route in found if route.public}
    return Verdict.UNKNOWN if Way.OTHER in public and not ways & public else decided(passes=bool(ways & public))


def between(graph: Graph, source: Resource, target: Resource) -> Verdict:
    """Whether connections out of one subnet find their way into another: always within a VPC, by its local route."""
    here, there = (graph.named(each, "vpcId", {VPC}) for each in (source, target))
    if not here or not there or here == there:
        return Verdict.OPEN
    found = routes(graph, source)
    if found is None:
        return Verdict.UNKNOWN
    return any_way(_leads(route, target) for route in found if route.way is Way.OTHER)


def _leads(route: Route, target: Resource) -> Verdict:
    addresses = network(target.get("cidrBlock"))
    known = [network(each) for each in route.destinations]
    if addresses is None or not known or None in known:
        return Verdict.UNKNOWN
    return decided(passes=overlap([addresses], [each for each in known if each is not None]))
