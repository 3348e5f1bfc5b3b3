"""Network: what AWS makes by itself is emptied, what passes is recorded, and every tier outlives a zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.graph import Graph, Resource
from policy.network.group_roles import BALANCERS, ENDPOINT, NODE_CLASS
from policy.network.routes import SUBNET, VPC
from policy.network.security_groups import CLUSTER, DEFAULT_SECURITY_GROUP, admissions, departures
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import UNKNOWN, elements, present, read, show

SUBNET_GROUPS: Final = ("aws:rds/subnetGroup:SubnetGroup", "aws:elasticache/subnetGroup:SubnetGroup")
_DEFAULT_ACL: Final = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
_DEFAULT_TABLE: Final = "aws:ec2/defaultRouteTable:DefaultRouteTable"
_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
_FEWEST_ZONES: Final = 2
_AGGREGATION_SECONDS: Final = 60

_DEFAULTS: Final = (
    (DEFAULT_SECURITY_GROUP, "vpcId", ("ingress", "egress")),
    (_DEFAULT_ACL, "defaultNetworkAclId", ("ingress", "egress")),
    (_DEFAULT_TABLE, "defaultRouteTableId", ("routes",)),
)
"""What AWS makes with a VPC: the type that adopts it, the property that names the VPC, and what must be empty."""

_ADDITIONS: Final = (
    ("aws:ec2/networkAclRule:NetworkAclRule", "networkAclId", _DEFAULT_ACL),
    ("aws:ec2/route:Route", "routeTableId", _DEFAULT_TABLE),
)
"""What fills a default from outside. Its own id may be an output of the VPC, so a reference to that counts as well."""

_SUBNETS_OF: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    **dict.fromkeys(BALANCERS, (("subnets",), ("subnetMappings",))),
    CLUSTER: (("vpcConfig", "subnetIds"),),
    NODE_CLASS: (("spec",),),
    ENDPOINT: (("subnetIds",), ("subnetConfigurations",)),
    **dict.fromkeys(SUBNET_GROUPS, (("subnetIds",),)),
}
"""Where each type names the subnets that it stands in."""


def vpc_defaults_empty(graph: Graph) -> Iterator[Violation]:
    """The default group, ACL and route table of each VPC are adopted and hold nothing."""
    for vpc in graph.of_type(VPC):
        for token, names_vpc, contents in _DEFAULTS:
            adopted = graph.referring(vpc, names_vpc, token)
            kind = token.rpartition(":")[2]
            if not adopted:
                yield Violation(vpc, f"no {kind} adopts what AWS makes with it")
            for each in adopted:
                yield from (Violation(each, f"{name} must be empty") for name in contents if present(each.get(name)))
    for opening in (*admissions(graph), *departures(graph)):
        if opening.group.type == DEFAULT_SECURITY_GROUP and opening.declared_by != opening.group:
            yield Violation(opening.declared_by, f"it fills {opening.group.name}, which must be empty")
    for token, name, default in _ADDITIONS:
        for addition in graph.of_type(token):
            if graph.references(addition, name, {VPC, default}):
                yield Violation(addition, f"{name} is the one that AWS makes with the VPC, which must be empty")


def subnets_without_public_addresses(subnet: Resource) -> Iterator[Violation]:
    """No subnet gives public addresses to what starts in it."""
    value = subnet.get("mapPublicIpOnLaunch")
    if value not in (None, False):  # absent: AWS gives none
        yield Violation(subnet, f"mapPublicIpOnLaunch is {show(value)}; it must be false")


def traffic_recorded(graph: Graph) -> Iterator[Violation]:
    """Each VPC has a flow log of what is refused at least, with a destination, once a minute."""
    for vpc in graph.of_type(VPC):
        logs = graph.referring(vpc, "vpcId", _FLOW_LOG)
        if not logs:
            yield Violation(vpc, "no flow log records its traffic")
        for log in logs:
            if log.get("trafficType") not in ("ALL", "REJECT"):
                yield Violation(log, "trafficType must be ALL or REJECT")
            if not present(log.get("logDestination")):
                yield Violation(log, "logDestination must say where the records go")
            elif log.get("logDestinationType") in (None, "cloud-watch-logs") and not graph.named(
                log, "logDestination", {_LOG_GROUP}
            ):  # absent: cloud-watch-logs
                yield Violation(
                    log, "logDestination must be a log group of this stack, or AWS makes one without an end"
                )
            interval = log.get("maxAggregationInterval")
            if interval != _AGGREGATION_SECONDS:  # absent: 600
                yield Violation(log, f"maxAggregationInterval is {show(interval)}; it must be {_AGGREGATION_SECONDS}")


def tiers_in_two_zones(graph: Graph) -> Iterator[Violation]:
    """Whatever names its subnets stands in two availability zones at least."""
    for token, paths in _SUBNETS_OF.items():
        for holder in graph.of_type(token):
            if token == ENDPOINT and holder.get("vpcEndpointType") != "Interface":
                continue  # a gateway stands in no subnet
            subnets = [each for name, *within in paths for each in graph.named(holder, name, {SUBNET}, *within)]
            zones = {zone for each in subnets if isinstance(zone := each.get("availabilityZone"), str)}
            elsewhere = sum(_of_other_stacks(graph, holder, name, *within) for name, *within in paths)
            if len(zones) + elsewhere < _FEWEST_ZONES:
                shown = f"{len(zones)} known availability zones, by {len(subnets)} subnets of this stack"
                yield Violation(holder, f"it stands in {shown}; {_FEWEST_ZONES} are the least")


def _of_other_stacks(graph: Graph, holder: Resource, name: str, *within: str) -> int:
    """How many subnets a property names of which nothing is known here, not even that two are of one zone."""
    value = holder.get(name, *within)
    if value is UNKNOWN and not graph.references(holder, name, {SUBNET}):
        return _FEWEST_ZONES
    ids = (each if isinstance(each, str) else read(each, "subnetId") for each in elements(value))  # a list of mappings
    return sum(isinstance(each, str) and graph.identified(each, {SUBNET}) is None for each in ids)


VPC_DEFAULTS_EMPTY: Final = GraphRule(
    about=Description(
        id="vpc-defaults-empty",
        title="The default security group, ACL and route table of each VPC are adopted and empty",
        severity=Severity.HIGH,
        frameworks=("FSBP EC2.2", "CIS AWS 5.4"),
        why="Whatever names no group, ACL or table of its own falls back on them, unseen.",
        remediation="Adopt them by DefaultSecurityGroup, DefaultNetworkAcl and DefaultRouteTable, and fill none.",
    ),
    check=vpc_defaults_empty,
)
SUBNETS_WITHOUT_PUBLIC_ADDRESSES: Final = ResourceRule(
    about=Description(
        id="subnets-no-public-addresses",
        title="Subnets give no public addresses",
        severity=Severity.MEDIUM,
        frameworks=("FSBP EC2.15", "FSBP EC2.9"),
        why="A public address is asked for where it is needed, never got by standing in a place.",
        remediation="Set mapPublicIpOnLaunch to false; balancers and NAT gateways have addresses of their own.",
    ),
    types=frozenset({SUBNET}),
    check=subnets_without_public_addresses,
)
TRAFFIC_RECORDED: Final = GraphRule(
    about=Description(
        id="vpc-traffic-recorded",
        title="Flow logs record the traffic of each VPC",
        severity=Severity.MEDIUM,
        frameworks=("FSBP EC2.6", "CIS AWS 3.7"),
        why="After a break-in they alone tell who spoke to whom.",
        remediation="Declare a flow log of the VPC: trafficType ALL, maxAggregationInterval 60, a logDestination.",
    ),
    check=traffic_recorded,
)
TIERS_IN_TWO_ZONES: Final = GraphRule(
    about=Description(
        id="tiers-in-two-zones",
        title="Every tier stands in two availability zones at least",
        severity=Severity.MEDIUM,
        frameworks=("FSBP ELB.13", "WA REL10"),
        why="A zone fails as a whole, and takes with it what stands in no other.",
        remediation="Name subnets of two zones or more, each with its availabilityZone.",
    ),
    check=tiers_in_two_zones,
)
