"""Routes: what an internet gateway, a NAT gateway and the main table make of a subnet, in each spelling."""

from __future__ import annotations

import pytest

from policy.graph import Graph, Resource
from policy.network.routes import between, from_internet, to_internet
from policy.network.verdicts import Verdict
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource

OPEN, CLOSED, NOBODY_KNOWS = Verdict.OPEN, Verdict.CLOSED, Verdict.UNKNOWN
VPC = resource("aws:ec2/vpc:Vpc", "network")
SUBNET = resource("aws:ec2/subnet:Subnet", "subnet", {"cidrBlock": "10.0.0.0/24"}, vpcId=VPC)
TABLE = resource("aws:ec2/routeTable:RouteTable", "table", vpcId=VPC)
GATEWAY = resource("aws:ec2/internetGateway:InternetGateway", "gateway", {"id": "igw-1"})
VPN = resource("aws:ec2/vpnGateway:VpnGateway", "vpn", {"id": "vgw-1"})
OWN = resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "own", subnetId=SUBNET, routeTableId=TABLE)
DEFAULT = resource("aws:ec2/defaultRouteTable:DefaultRouteTable", "default", defaultRouteTableId=VPC)
MAIN = resource("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main", vpcId=VPC, routeTableId=TABLE)
AROUND = (VPC, SUBNET, TABLE, GATEWAY, VPN)
ALL = "0.0.0.0/0"


def route(table: Resource = TABLE, gateway: Resource | None = GATEWAY, **properties: Plain) -> Resource:
    known: dict[str, Plain] = {"destinationCidrBlock": ALL, **({"gatewayId": UNKNOWN} if gateway else {}), **properties}
    made = resource("aws:ec2/route:Route", "route", known, routeTableId=table)
    return made_from(made, "gatewayId", gateway) if gateway else made


def inline(table: Resource, *routes: Plain) -> Resource:
    made = resource(table.type, table.name, {"routes": routes}, vpcId=VPC, defaultRouteTableId=VPC)
    return made_from(made, "routes", GATEWAY)


@pytest.mark.parametrize(
    ("around", "inward", "outward"),
    [
        ([OWN], CLOSED, CLOSED),
        ([OWN, route()], OPEN, OPEN),
        ([OWN, route(gateway=None, gatewayId="igw-0abc")], OPEN, OPEN),
        ([OWN, route(gateway=None, gatewayId="igw-1")], OPEN, OPEN),
        ([OWN, route(gateway=None, gatewayId="local")], CLOSED, CLOSED),
        ([OWN, route(gateway=None, gatewayId=UNKNOWN)], OPEN, OPEN),  # nobody says that it is another gateway
        ([OWN, route(gateway=VPN)], NOBODY_KNOWS, NOBODY_KNOWS),
        ([OWN, route(gateway=None, gatewayId="vgw-1")], NOBODY_KNOWS, NOBODY_KNOWS),
        ([OWN, route(destinationCidrBlock="10.9.0.0/16")], CLOSED, CLOSED),
        ([OWN, route(destinationCidrBlock=None, destinationIpv6CidrBlock="::/0")], OPEN, OPEN),
        ([OWN, route(destinationCidrBlock=None, destinationPrefixListId="pl-1")], OPEN, OPEN),
        ([OWN, route(destinationCidrBlock=UNKNOWN)], OPEN, OPEN),
        ([OWN, route(gateway=None, natGatewayId=UNKNOWN)], CLOSED, OPEN),
        ([OWN, route(gateway=None, egressOnlyGatewayId="eigw-1")], CLOSED, OPEN),
        ([OWN, route(gateway=None, transitGatewayId="tgw-1")], NOBODY_KNOWS, NOBODY_KNOWS),
        ([OWN, route(gateway=None, transitGatewayId="tgw-1", destinationCidrBlock="10.9.0.0/16")], CLOSED, CLOSED),
        ([], CLOSED, CLOSED),  # the main table of a VPC has its local route alone
        ([DEFAULT], CLOSED, CLOSED),
        ([route(VPC)], OPEN, OPEN),
        ([DEFAULT, route(DEFAULT)], OPEN, OPEN),
        ([MAIN], CLOSED, CLOSED),
        ([MAIN, route()], OPEN, OPEN),
        ([MAIN, route(VPC)], CLOSED, CLOSED),  # the default table is the main one no more
        ([OWN, route(VPC)], CLOSED, CLOSED),
        ([OWN, inline(TABLE, {"cidrBlock": ALL, "gatewayId": UNKNOWN})], OPEN, OPEN),
        ([OWN, inline(TABLE, {"cidrBlock": ALL, "natGatewayId": "nat-1"})], CLOSED, OPEN),
        ([OWN, inline(TABLE, UNKNOWN)], OPEN, OPEN),
        ([inline(DEFAULT, {"cidrBlock": ALL, "gatewayId": UNKNOWN})], OPEN, OPEN),
    ],
)
def test_the_internet_and_a_subnet(around: list[Resource], inward: Verdict, outward: Verdict) -> None:
    graph = Graph.of(*AROUND, *around)
    assert (from_internet(graph, SUBNET), to_internet(graph, SUBNET)) == (inward, outward)


def test_a_table_or_a_network_of_somebody_else_is_not_known() -> None:
    foreign = resource(OWN.type, "own", {"routeTableId": "rtb-1"}, subnetId=SUBNET)
    assert from_internet(Graph.of(VPC, SUBNET, foreign), SUBNET) is NOBODY_KNOWS
    elsewhere = resource(SUBNET.type, "subnet", {"vpcId": "vpc-1"})
    assert from_internet(Graph.of(elsewhere), elsewhere) is NOBODY_KNOWS


def test_one_network_reaches_another_by_a_peer_alone() -> None:
    other = resource("aws:ec2/vpc:Vpc", "other")
    there = resource(SUBNET.type, "there", {"cidrBlock": "10.9.0.0/24"}, vpcId=other)
    beside = resource(SUBNET.type, "beside", {"cidrBlock": "10.0.1.0/24"}, vpcId=VPC)
    assert between(Graph.of(*AROUND, beside, OWN), SUBNET, beside) is OPEN

    def reached(*around: Resource) -> Verdict:
        return between(Graph.of(*AROUND, other, there, OWN, *around), SUBNET, there)

    def by_peer(destination: Plain) -> Resource:
        return route(gateway=None, destinationCidrBlock=destination, vpcPeeringConnectionId="pcx-1")

    assert reached() is CLOSED
    assert reached(route()) is CLOSED
    assert reached(by_peer("10.9.0.0/16")) is OPEN
    assert reached(by_peer("10.8.0.0/16")) is CLOSED
    assert reached(by_peer(UNKNOWN)) is NOBODY_KNOWS
