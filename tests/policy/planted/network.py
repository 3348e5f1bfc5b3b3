"""A VPC whose data subnets ride on the main route table, whose default group is open, and which records nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

ZONES: Final = ("eu-west-1a", "eu-west-1b")
_TIERS: Final = ("edge", "app", "data")


@dataclass(frozen=True, slots=True)
class Network:
    """What the rest of the program stands in."""

    vpc_id: pulumi.Output[str]
    subnets: dict[str, list[pulumi.Output[str]]]
    """Ids by tier."""
    groups: dict[str, pulumi.Output[str]]
    """Ids of security groups, by role."""


def network(opts: pulumi.ResourceOptions) -> Network:
    vpc = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", enable_dns_hostnames=True, opts=opts)
    subnets = {tier: [_subnet(vpc, tier, place, zone, opts) for zone in ZONES] for place, tier in enumerate(_TIERS)}
    gateway = aws.ec2.InternetGateway("net", vpc_id=vpc.id, opts=opts)
    table = aws.ec2.RouteTable(
        "edge", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}], opts=opts
    )
    for zone, subnet in zip(ZONES, subnets["edge"], strict=True):
        aws.ec2.RouteTableAssociation(f"edge-{zone}", subnet_id=subnet, route_table_id=table.id, opts=opts)
    return Network(vpc.id, subnets, _groups(vpc, opts))


def _subnet(vpc: aws.ec2.Vpc, tier: str, place: int, zone: str, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    cidr = f"10.0.{place * 10 + ZONES.index(zone)}.0/24"
    return aws.ec2.Subnet(f"{tier}-{zone}", vpc_id=vpc.id, cidr_block=cidr, availability_zone=zone, opts=opts).id


def _groups(vpc: aws.ec2.Vpc, opts: pulumi.ResourceOptions) -> dict[str, pulumi.Output[str]]:
    world: Any = {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "tcp", "opts": opts}
    groups = {
        role: aws.ec2.SecurityGroup(role, vpc_id=vpc.id, description=role, opts=opts).id
        for role in ("alb", "pods", "database")
    }
    aws.vpc.SecurityGroupIngressRule(
        "world-to-alb", security_group_id=groups["alb"], from_port=443, to_port=443, **world
    )
    aws.vpc.SecurityGroupIngressRule(
        "world-to-database", security_group_id=groups["database"], from_port=5432, to_port=5432, **world
    )
    return groups
