"""Network: defaults emptied, traffic recorded, zones enough."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.network.vpc import (
    SUBNETS_WITHOUT_PUBLIC_ADDRESSES,
    TIERS_IN_TWO_ZONES,
    TRAFFIC_RECORDED,
    VPC_DEFAULTS_EMPTY,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, violations

VPC = resource("aws:ec2/vpc:Vpc", "vpc")
GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
ACL = "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl"
TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
NO_RULES: dict[str, Plain] = {"ingress": [], "egress": []}


def defaults(
    group: dict[str, Plain] = NO_RULES, acl: dict[str, Plain] = NO_RULES, routes: Plain = None
) -> tuple[Resource, ...]:
    return (
        VPC,
        resource(GROUP, "group", group, vpcId=VPC),
        resource(ACL, "acl", acl, defaultNetworkAclId=VPC),
        resource(TABLE, "table", {"routes": routes}, defaultRouteTableId=VPC),
    )


@pytest.mark.parametrize("rules", [NO_RULES, {}])
def test_adopted_and_empty_defaults_pass(rules: dict[str, Plain]) -> None:
    assert violations(VPC_DEFAULTS_EMPTY, *defaults(rules, rules, [])) == []


def test_each_default_is_adopted_by_each_vpc() -> None:
    second = resource(VPC.type, "second")
    found = violations(VPC_DEFAULTS_EMPTY, *defaults(), second)
    kinds = ("DefaultSecurityGroup", "DefaultNetworkAcl", "DefaultRouteTable")
    assert found == [("second", f"no {kind} adopts what AWS makes with it") for kind in kinds]


@pytest.mark.parametrize("rules", [[{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}], [UNKNOWN], UNKNOWN])
def test_what_is_in_a_default_is_reported(rules: Plain) -> None:
    assert violations(VPC_DEFAULTS_EMPTY, *defaults({**NO_RULES, "ingress": rules})) == [
        ("group", "ingress must be empty")
    ]
    assert violations(VPC_DEFAULTS_EMPTY, *defaults(acl={**NO_RULES, "egress": rules})) == [
        ("acl", "egress must be empty")
    ]
    assert violations(VPC_DEFAULTS_EMPTY, *defaults(routes=rules)) == [("table", "routes must be empty")]


def test_what_is_added_to_a_default_from_outside_is_reported() -> None:
    _, group, acl, table = defaults()
    rule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
    added = resource(rule, "added", {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}, securityGroupId=group)
    assert violations(VPC_DEFAULTS_EMPTY, *defaults(), added) == [("added", "it fills group, which must be empty")]
    for token, name, targets in (
        ("aws:ec2/networkAclRule:NetworkAclRule", "networkAclId", (VPC, acl)),
        ("aws:ec2/route:Route", "routeTableId", (VPC, table)),
    ):
        message = f"{name} is the one that AWS makes with the VPC, which must be empty"
        for target in targets:
            addition = made_from(resource(token, "addition", {name: UNKNOWN}), name, target)
            assert violations(VPC_DEFAULTS_EMPTY, *defaults(), addition) == [("addition", message)]
        own = made_from(
            resource(token, "addition", {name: UNKNOWN}), name, resource("aws:ec2/routeTable:RouteTable", "own")
        )
        assert violations(VPC_DEFAULTS_EMPTY, *defaults(), own) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, None), (False, None), (True, "true"), (UNKNOWN, "unknown until it is deployed"), ("yes", "another text")],
)
def test_subnets_give_no_public_addresses(value: Plain, shown: str | None) -> None:
    found = violations(
        SUBNETS_WITHOUT_PUBLIC_ADDRESSES, resource("aws:ec2/subnet:Subnet", "it", {"mapPublicIpOnLaunch": value})
    )
    assert found == ([] if shown is None else [("it", f"mapPublicIpOnLaunch is {shown}; it must be false")])


RECORDS = resource("aws:cloudwatch/logGroup:LogGroup", "records")
FLOW_LOG: dict[str, Plain] = {"trafficType": "ALL", "logDestination": UNKNOWN, "maxAggregationInterval": 60}
KINDS = "trafficType must be ALL or REJECT"
NOWHERE = "logDestination must say where the records go"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"trafficType": "REJECT"}, []),
        ({"trafficType": "ACCEPT"}, [KINDS]),
        ({"trafficType": None}, [KINDS]),
        ({"trafficType": UNKNOWN}, [KINDS]),
        ({"logDestination": None}, [NOWHERE]),
        ({"logDestination": ""}, [NOWHERE]),
        ({"maxAggregationInterval": 600}, ["maxAggregationInterval is 600; it must be 60"]),
        ({"maxAggregationInterval": None}, ["maxAggregationInterval is absent; it must be 60"]),
        (
            {"maxAggregationInterval": UNKNOWN},
            ["maxAggregationInterval is unknown until it is deployed; it must be 60"],
        ),
    ],
)
def test_flow_logs(change: dict[str, Plain], expected: list[str]) -> None:
    log = resource("aws:ec2/flowLog:FlowLog", "log", FLOW_LOG | change, vpcId=VPC, logDestination=RECORDS)
    assert violations(TRAFFIC_RECORDED, VPC, RECORDS, log) == [("log", message) for message in expected]


def test_flow_logs_go_to_a_group_that_is_kept() -> None:
    elsewhere = "logDestination must be a log group of this stack, or AWS makes one without an end"
    for change, expected in (
        ({}, [("log", elsewhere)]),
        ({"logDestination": "arn:aws:logs:eu-west-1:111111111111:log-group:flow"}, [("log", elsewhere)]),
        ({"logDestination": "arn:aws:s3:::records", "logDestinationType": "s3"}, []),
        ({"logDestinationType": "cloud-watch-logs"}, [("log", elsewhere)]),
    ):
        properties: dict[str, Plain] = {**FLOW_LOG, **change}
        log = resource("aws:ec2/flowLog:FlowLog", "log", properties, vpcId=VPC)
        assert violations(TRAFFIC_RECORDED, VPC, log) == expected


def test_a_flow_log_of_something_else_records_no_vpc() -> None:
    log = resource("aws:ec2/flowLog:FlowLog", "log", FLOW_LOG, subnetId=VPC)
    assert violations(TRAFFIC_RECORDED, VPC, log) == [("vpc", "no flow log records its traffic")]


def subnets(*zones: Plain) -> list[Resource]:
    return [
        resource("aws:ec2/subnet:Subnet", f"subnet-{number}", {"id": f"subnet-{number}", "availabilityZone": zone})
        for number, zone in enumerate(zones)
    ]


HOLDERS = (
    ("aws:lb/loadBalancer:LoadBalancer", "subnets"),
    ("aws:alb/loadBalancer:LoadBalancer", "subnetMappings"),
    ("aws:eks/cluster:Cluster", "vpcConfig"),
    ("kubernetes:eks.amazonaws.com/v1:NodeClass", "spec"),
    ("aws:rds/subnetGroup:SubnetGroup", "subnetIds"),
    ("aws:elasticache/subnetGroup:SubnetGroup", "subnetIds"),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", "subnetIds"),
)
INTERFACE: dict[str, Plain] = {"vpcEndpointType": "Interface"}


@pytest.mark.parametrize(("token", "name"), HOLDERS)
@pytest.mark.parametrize(
    ("zones", "known"),
    [
        (("eu-west-1a", "eu-west-1b"), 2),
        (("eu-west-1a", "eu-west-1b", UNKNOWN), 2),
        (("eu-west-1a", "eu-west-1a"), 1),
        (("eu-west-1a", UNKNOWN), 1),
        ((None, None), 0),
        ((), 0),
    ],
)
def test_tiers_stand_in_two_zones(token: str, name: str, zones: tuple[Plain, ...], known: int) -> None:
    stands_in = subnets(*zones)
    holder = made_from(resource(token, "holder", INTERFACE), name, *stands_in)
    shown = f"it stands in {known} known availability zones, by {len(zones)} subnets of this stack; 2 are the least"
    assert violations(TIERS_IN_TWO_ZONES, holder, *stands_in) == ([] if known == 2 else [("holder", shown)])


def test_subnets_are_found_by_literal_ids() -> None:
    known: dict[str, Plain] = {"vpcConfig": {"subnetIds": ["subnet-0", "subnet-1"]}}
    cluster = resource("aws:eks/cluster:Cluster", "cluster", known)
    assert violations(TIERS_IN_TWO_ZONES, cluster, *subnets("eu-west-1a", "eu-west-1b")) == []


def test_a_gateway_endpoint_stands_nowhere() -> None:
    gateway = resource("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", {"vpcEndpointType": "Gateway"})
    assert violations(TIERS_IN_TWO_ZONES, gateway) == []
