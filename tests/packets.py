"""Where packets get to: recorded security groups, network ACLs and routes, evaluated together.

Written from what AWS says its layers do, not from the tables the program is made of. A connection is a request and its
answer; each layer is judged as if the others let everything through, so that a refusal names all that would refuse.
Source: Amazon VPC User Guide, security groups; network ACLs; route tables; gateway endpoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pulumi_aws as aws

from tests.cloud import Cloud


class Layer(StrEnum):
    """What can refuse a connection."""

    GROUP = "group"
    ACL = "acl"
    ROUTE = "route"


@dataclass(frozen=True, slots=True)
class Host:
    """One end of a connection."""

    address: str
    group: str | None = None
    """Its security group, by id; none outside the VPC."""
    public: bool = False
    """Whether the internet knows an address of it."""
    in_s3: bool = False
    """Whether it is in the prefix list of S3."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a connection."""

    refused_by: frozenset[Layer]
    """The layers that refuse it, none if it is made."""
    via: str
    """The way its request takes: `local`, `s3`, the id of a gateway, or `nowhere`."""

    def __str__(self) -> str:
        return "+".join(sorted(self.refused_by)) or "allowed"


@dataclass(frozen=True, slots=True)
class _Packet:
    source: IPv4Address
    target: IPv4Address
    port: int


@dataclass(frozen=True, slots=True)
class _Crossing:
    """A packet that leaves or enters a subnet."""

    subnet: str
    egress: bool
    packet: _Packet


class Wiring:
    """The network that a program declared."""

    def __init__(self, cloud: Cloud) -> None:
        self.subnets = {f"{s.name}-id": IPv4Network(s.inputs["cidrBlock"]) for s in cloud.of(aws.ec2.Subnet)}
        self.tables = {a.inputs["subnetId"]: a.inputs["routeTableId"] for a in cloud.of(aws.ec2.RouteTableAssociation)}
        self.routes = [route.inputs for route in cloud.of(aws.ec2.Route)]
        self.internet_gateways = {f"{gateway.name}-id" for gateway in cloud.of(aws.ec2.InternetGateway)}
        self.nat_subnets = {f"{nat.name}-id": nat.inputs["subnetId"] for nat in cloud.of(aws.ec2.NatGateway)}
        self.s3_tables = {
            table
            for endpoint in cloud.of(aws.ec2.VpcEndpoint)
            if endpoint.inputs["vpcEndpointType"] == "Gateway"
            for table in endpoint.inputs["routeTableIds"]
        }
        self.acls = {a.inputs["subnetId"]: a.inputs["networkAclId"] for a in cloud.of(aws.ec2.NetworkAclAssociation)}
        rules = [rule.inputs for rule in cloud.of(aws.ec2.NetworkAclRule)]
        self.acl_rules = sorted(rules, key=lambda rule: int(rule["ruleNumber"]))
        self.ingress = [rule.inputs for rule in cloud.of(aws.vpc.SecurityGroupIngressRule)]
        self.egress = [rule.inputs for rule in cloud.of(aws.vpc.SecurityGroupEgressRule)]

    def connects(self, source: Host, target: Host, port: int, *, answers_to: int = 50_000) -> Verdict:
        """What becomes of a TCP connection to a port; its answers go to the port it came from."""
        via, crossings = self._way(source, target, port, answers_to)
        refusals = {
            Layer.GROUP: not self._grouped(source, target, port),
            Layer.ACL: not all(map(self._admitted, crossings)),
            Layer.ROUTE: via == "nowhere",
        }
        return Verdict(frozenset(layer for layer, refused in refusals.items() if refused), via)

    def _grouped(self, source: Host, target: Host, port: int) -> bool:
        """Whether the groups at both ends admit the request; groups let its answers pass."""

        def lets(rules: list[Mapping[str, Any]], own: Host, other: Host) -> bool:
            return own.group is None or any(
                rule["securityGroupId"] == own.group and _carries(rule, "ipProtocol", port) and _names(rule, other)
                for rule in rules
            )

        return lets(self.egress, source, target) and lets(self.ingress, target, source)

    def _admitted(self, crossing: _Crossing) -> bool:
        """The first rule that matches decides, and none refuses. A subnet without an ACL has the VPC's empty one."""
        packet = crossing.packet
        peer = packet.target if crossing.egress else packet.source
        for rule in self.acl_rules:
            if (
                rule["networkAclId"] == self.acls.get(crossing.subnet)
                and rule["egress"] is crossing.egress
                and _carries(rule, "protocol", packet.port)
                and peer in IPv4Network(rule["cidrBlock"])
            ):
                return rule["ruleAction"] == "allow"
        return False

    def _way(self, source: Host, target: Host, port: int, answers_to: int) -> tuple[str, list[_Crossing]]:
        """The way of a request, and every border that it and its answer cross."""
        here, there = self._subnet(source), self._subnet(target)
        request = _Packet(IPv4Address(source.address), IPv4Address(target.address), port)
        answer = _Packet(request.target, request.source, answers_to)
        if here == there:
            return "local", []
        ends = [*_borders(here, request, answer), *_borders(there, answer, request)]
        if here and there:
            return "local", ends
        inside, outside, subnet = (source, target, here) if here else (target, source, there)
        assert subnet, "one end has to be in the VPC"
        via = self._gateway(subnet, outside, public=inside.public)
        nat = self.nat_subnets.get(via)
        if nat is None:
            return via, ends
        if not here or self._gateway(nat, outside, public=True) == "nowhere":
            return "nowhere", ends  # nobody opens a connection through a NAT gateway from outside
        return via, [*ends, *_borders(nat, request, answer), *_borders(nat, answer, request)]

    def _gateway(self, subnet: str, outside: Host, *, public: bool) -> str:
        """Where the route table of a subnet sends packets, to `outside`, of a host with a public address or without."""
        table = self.tables.get(subnet)
        if outside.in_s3 and table in self.s3_tables:
            return "s3"
        address = IPv4Address(outside.address)
        routes = [
            route
            for route in self.routes
            if route["routeTableId"] == table and address in IPv4Network(route["destinationCidrBlock"])
        ]
        if not routes:
            return "nowhere"
        route = max(routes, key=lambda route: IPv4Network(route["destinationCidrBlock"]).prefixlen)
        gateway = next(route[key] for key in ("gatewayId", "natGatewayId", "transitGatewayId") if route.get(key))
        if gateway in self.internet_gateways and not (public and address.is_global):
            return "nowhere"  # an internet gateway translates public addresses and drops private ones
        return str(gateway)

    def _subnet(self, host: Host) -> str | None:
        address = IPv4Address(host.address)
        return next((name for name, network in self.subnets.items() if address in network), None)


def _borders(subnet: str | None, leaving: _Packet, arriving: _Packet) -> list[_Crossing]:
    return (
        [_Crossing(subnet, egress=True, packet=leaving), _Crossing(subnet, egress=False, packet=arriving)]
        if subnet
        else []
    )


def _carries(rule: Mapping[str, Any], protocol: str, port: int) -> bool:
    return rule[protocol] == "-1" or (rule[protocol] == "tcp" and rule["fromPort"] <= port <= rule["toPort"])


def _names(rule: Mapping[str, Any], host: Host) -> bool:
    if rule.get("cidrIpv4"):
        return IPv4Address(host.address) in IPv4Network(rule["cidrIpv4"])
    return host.group is not None and rule["referencedSecurityGroupId"] == host.group
