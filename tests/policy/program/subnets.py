"""What the subnets of the small program have of their own: ACLs, and a way out in each zone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws


def acls(vpc: aws.ec2.Vpc, subnets: Mapping[str, list[pulumi.Output[str]]], opts: pulumi.ResourceOptions) -> None:
    """One for each tier; the data's lets in only the subnets of the pods, 10.0.10.0/23."""
    made = {tier: _acl(vpc, tier, ids, opts) for tier, ids in subnets.items()}
    pods: Any = {
        "network_acl_id": made["data"],
        "cidr_block": "10.0.10.0/23",
        "rule_action": "allow",
        "protocol": "tcp",
    }
    for number, port in enumerate((5432, 6379), 1):
        aws.ec2.NetworkAclRule(f"in-{port}", rule_number=number, from_port=port, to_port=port, opts=opts, **pods)
    aws.ec2.NetworkAclRule("out", rule_number=1, egress=True, from_port=1024, to_port=65535, opts=opts, **pods)
    for tier in ("edge", "app"):
        everybody: Any = {"network_acl_id": made[tier], "cidr_block": "0.0.0.0/0", "rule_action": "allow"}
        for number, (first, last) in enumerate(((443, 443), (1024, 65535)), 1):
            ports: Any = {"from_port": first, "to_port": last, "protocol": "tcp", "opts": opts, **everybody}
            aws.ec2.NetworkAclRule(f"{tier}-in-{first}", rule_number=number, **ports)
            aws.ec2.NetworkAclRule(f"{tier}-out-{first}", rule_number=number, egress=True, **ports)


def _acl(
    vpc: aws.ec2.Vpc, tier: str, subnets: list[pulumi.Output[str]], opts: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    acl = aws.ec2.NetworkAcl(tier, vpc_id=vpc.id, opts=opts)
    for number, subnet in enumerate(subnets):
        name = f"{tier}-{number}"
        aws.ec2.NetworkAclAssociation(name, network_acl_id=acl.id, subnet_id=subnet, opts=opts)
    return acl.id


def gateways(
    edge: list[pulumi.Output[str]], tables: list[aws.ec2.RouteTable], opts: pulumi.ResourceOptions
) -> dict[str, aws.ec2.NatGateway]:
    """A NAT gateway in each zone, for the pods of that zone."""
    made: dict[str, aws.ec2.NatGateway] = {}
    for number, (subnet, table) in enumerate(zip(edge, tables, strict=True)):
        address = aws.ec2.Eip(f"nat-{number}", domain="vpc", opts=opts)
        gateway = aws.ec2.NatGateway(f"nat-{number}", subnet_id=subnet, allocation_id=address.id, opts=opts)
        aws.ec2.Route(
            f"app-{number}-out",
            route_table_id=table.id,
            destination_cidr_block="0.0.0.0/0",
            nat_gateway_id=gateway.id,
            opts=opts,
        )
        made[f"nat-{number}"] = gateway
    return made
