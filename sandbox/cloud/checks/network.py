"""Networks that AWS would not make: subnets outside their VPC, subnets that overlap, groups in a single zone."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from sandbox.cloud.checks.failure import Failure
from sandbox.cloud.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud.world import Resource, World

SUBNET: Final = "aws:ec2/subnet:Subnet"
LOAD_BALANCER: Final = "aws:lb/loadBalancer:LoadBalancer"
# AWS takes VPCs and subnets of /16 to /28.
LARGEST: Final = 16
SMALLEST: Final = 28


def _network(value: Value) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(value) if isinstance(value, str) else None
    except ValueError:
        return None


def check_cidr(wanted: Resource, _world: World) -> Iterator[Failure]:
    """Refuse an address range that AWS would not take for a VPC or subnet."""
    value = wanted.inputs.get("cidrBlock")
    if wanted.type not in ("aws:ec2/vpc:Vpc", SUBNET) or not isinstance(value, str):
        return
    network = _network(value)
    if network is None:
        yield Failure("cidrBlock", f"{value!r} is not an IPv4 network; its host bits must be zero")
    elif not LARGEST <= network.prefixlen <= SMALLEST:
        yield Failure("cidrBlock", f"{value} must be between /{LARGEST} and /{SMALLEST}")


def check_subnet(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse a subnet outside its VPC's range, or one that overlaps another of the VPC."""
    mine = _network(wanted.inputs.get("cidrBlock"))
    vpc_id = wanted.inputs.get("vpcId")
    if wanted.type != SUBNET or mine is None or not isinstance(vpc_id, str):
        return
    vpc = world.by_identity(vpc_id)
    range_ = _network(vpc.get("cidrBlock")) if vpc else None
    if range_ is not None and not mine.subnet_of(range_):
        yield Failure("cidrBlock", f"{mine} lies outside the VPC's range {range_}")
    for other in world.of_type(SUBNET):
        theirs = _network(other.get("cidrBlock"))
        if other.urn != wanted.urn and other.get("vpcId") == vpc_id and theirs is not None and mine.overlaps(theirs):
            yield Failure("cidrBlock", f"{mine} overlaps {theirs} of {other.name} in the same VPC")


def _subnet_ids(wanted: Resource) -> tuple[str, Value]:
    if wanted.type == "aws:rds/subnetGroup:SubnetGroup":
        return "subnetIds", wanted.inputs.get("subnetIds")
    if wanted.type == LOAD_BALANCER and wanted.inputs.get("loadBalancerType") in (None, "application"):
        return "subnets", wanted.inputs.get("subnets")
    if wanted.type == "aws:eks/cluster:Cluster":
        config = wanted.inputs.get("vpcConfig")
        return "vpcConfig.subnetIds", config.get("subnetIds") if isinstance(config, dict) else None
    return "", None


def check_zones(wanted: Resource, world: World) -> Iterator[Failure]:
    """Refuse a database subnet group, an application load balancer or a cluster whose subnets lie in one zone."""
    path, ids = _subnet_ids(wanted)
    if not isinstance(ids, list):
        return
    found = [world.by_identity(item) if isinstance(item, str) else None for item in ids]
    if len(ids) > 1 and not all(found):
        return  # some are not known yet: they may lie anywhere
    zones = sorted({str(subnet.get("availabilityZone")) for subnet in found if subnet})
    if len(ids) < 2 or len(zones) < 2:  # noqa: PLR2004 - two zones are the rule
        where = f"all lie in {zones[0]}" if zones else f"only {len(ids)} is given"
        yield Failure(path, f"must be subnets of at least two availability zones, but {where}")
    elif wanted.type == LOAD_BALANCER and len(zones) < len(ids):
        yield Failure(path, "a load balancer takes one subnet of each availability zone, but two lie in the same one")
