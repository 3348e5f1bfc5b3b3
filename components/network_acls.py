"""The network ACLs: what may cross the edge of each tier, whatever the security groups say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

import pulumi
import pulumi_aws as aws

from components.address_plan import AddressPlan, NetworkTier

INTERNET: Final = IPv4Network("0.0.0.0/0")

_EPHEMERAL: Final = (1024, 65_535)
"""Ports of answers: ACLs are stateless, and load balancers and NAT gateways use this whole range. Not cut up around
ports of ill repute: decision 7. Source: Amazon VPC User Guide, ephemeral ports.
"""


@dataclass(frozen=True, slots=True)
class AclRule:
    """One kind of traffic that a tier admits."""

    egress: bool
    """Whether it leaves the tier."""
    number: int
    """Its number, unique in its tier and direction. AWS cannot renumber a rule: never change one that is deployed."""
    key: str
    """What the traffic is; part of a logical name."""
    peer: NetworkTier | None
    """The tier at the other end; `None` is any address."""
    ports: tuple[int, int] | None
    """First and last destination port of tcp; `None` is every protocol and port."""
    why: str
    """What the traffic is, in words."""


def _in(number: int, key: str, peer: NetworkTier | None, *ports: int, why: str) -> AclRule:
    span = (ports[0], ports[-1]) if ports else None
    return AclRule(egress=False, number=number, key=key, peer=peer, ports=span, why=why)


def _out(number: int, key: str, peer: NetworkTier | None, *ports: int, why: str) -> AclRule:
    span = (ports[0], ports[-1]) if ports else None
    return AclRule(egress=True, number=number, key=key, peer=peer, ports=span, why=why)


ACLS: Final[Mapping[NetworkTier, tuple[AclRule, ...]]] = {
    NetworkTier.EDGE: (
        _in(10, "http", None, 80, why="Clients that are redirected"),
        _in(20, "https", None, 443, why="Clients, and the app tier on its way to a NAT gateway"),
        _in(30, "answers", None, *_EPHEMERAL, why="Answers to NAT gateways and to the load balancer"),
        _out(10, "https", None, 443, why="The app tier's requests, behind NAT gateways"),
        _out(20, "answers", None, *_EPHEMERAL, why="Answers to clients and the app tier, and requests to pods on 8443"),
    ),
    NetworkTier.APP: (
        _in(10, "own", NetworkTier.APP, why="Nodes, pods and the Kubernetes API among themselves: their groups decide"),
        _in(20, "answers", None, *_EPHEMERAL, why="Answers, and the load balancer's requests to pods on 8443"),
        _out(
            10, "own", NetworkTier.APP, why="Nodes, pods and the Kubernetes API among themselves: their groups decide"
        ),
        _out(20, "https", None, 443, why="Interface endpoints, S3, and the internet by NAT"),
        _out(30, "answers", NetworkTier.EDGE, *_EPHEMERAL, why="Answers to the load balancer"),
        _out(40, "postgres", NetworkTier.DATA, 5432, why="TMI to PostgreSQL"),
        _out(50, "redis", NetworkTier.DATA, 6379, why="TMI to Redis"),
    ),
    NetworkTier.ENDPOINTS: (
        _in(10, "https", NetworkTier.APP, 443, why="Nodes and pods to AWS APIs"),
        _out(10, "answers", NetworkTier.APP, *_EPHEMERAL, why="Answers to them"),
    ),
    # RDS and ElastiCache replicate, back up and log over AWS's own network, not over these subnets.
    NetworkTier.DATA: (
        _in(10, "postgres", NetworkTier.APP, 5432, why="TMI to PostgreSQL"),
        _in(20, "redis", NetworkTier.APP, 6379, why="TMI to Redis"),
        _out(10, "answers", NetworkTier.APP, *_EPHEMERAL, why="Answers to it"),
    ),
}
"""Everything a tier admits; the rest is denied. Name resolution by the VPC's resolver passes no ACL."""

PATH_MTU_TIERS: Final = (NetworkTier.EDGE, NetworkTier.APP)
"""Tiers that talk to the internet: without ICMP "fragmentation needed", large packets to a narrower path vanish.

Source: Amazon VPC User Guide, path MTU discovery.
"""
PATH_MTU_NUMBER: Final = 900
"""The number of their rule for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkAclsArgs:
    """What :class:`NetworkAcls` needs from its caller."""

    stack_name: str
    """The prefix of the Name tags."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    plan: AddressPlan
    """Its addresses."""
    subnet_ids: Mapping[NetworkTier, Mapping[str, pulumi.Input[str]]]
    """The subnets of each tier by zone."""


class NetworkAcls(pulumi.ComponentResource):
    """One ACL a tier, on all of its subnets."""

    TYPE: Final = "tmi:network:NetworkAcls"

    def __init__(self, name: str, args: NetworkAclsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for tier, rules in ACLS.items():
            acl = aws.ec2.NetworkAcl(
                f"{name}-{tier}", vpc_id=args.vpc_id, tags={"Name": f"{args.stack_name}-{tier}"}, opts=child
            )
            for rule in rules:
                _rule(f"{name}-{tier}", acl.id, rule, args.plan, child)
            if tier in PATH_MTU_TIERS:
                _path_mtu_rule(f"{name}-{tier}", acl.id, child)
            for zone, subnet_id in args.subnet_ids[tier].items():
                aws.ec2.NetworkAclAssociation(
                    f"{name}-{tier}-{zone}", network_acl_id=acl.id, subnet_id=subnet_id, opts=child
                )
        self.register_outputs({})


def _rule(
    name: str, acl_id: pulumi.Input[str], rule: AclRule, plan: AddressPlan, child: pulumi.ResourceOptions
) -> None:
    first, last = rule.ports or (0, 0)
    aws.ec2.NetworkAclRule(
        f"{name}-{'out' if rule.egress else 'in'}-{rule.key}",
        network_acl_id=acl_id,
        egress=rule.egress,
        rule_number=rule.number,
        rule_action="allow",
        cidr_block=str(plan.block(rule.peer) if rule.peer else INTERNET),
        protocol="tcp" if rule.ports else "-1",
        from_port=first,
        to_port=last,
        opts=child,
    )


def _path_mtu_rule(name: str, acl_id: pulumi.Input[str], child: pulumi.ResourceOptions) -> None:
    aws.ec2.NetworkAclRule(
        f"{name}-in-path-mtu",
        network_acl_id=acl_id,
        egress=False,
        rule_number=PATH_MTU_NUMBER,
        rule_action="allow",
        cidr_block=str(INTERNET),
        protocol="icmp",
        from_port=0,
        to_port=0,
        icmp_type=3,  # destination unreachable
        icmp_code=4,  # fragmentation needed
        opts=child,
    )
