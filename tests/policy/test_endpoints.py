"""Endpoints: S3 from inside, and every endpoint as narrow as its policy."""

from __future__ import annotations

import json

import pytest

from policy.graph import Resource
from policy.rules.network.endpoints import CALLS_INSIDE, ENDPOINTS_NARROW, S3_BY_ENDPOINT
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
VPC = resource("aws:ec2/vpc:Vpc", "vpc")
GROUP = resource("aws:ec2/securityGroup:SecurityGroup", "group")
TABLE, OTHER = (resource("aws:ec2/routeTable:RouteTable", name) for name in ("app", "other"))
SUBNET = resource("aws:ec2/subnet:Subnet", "app-a")
ROUTED = resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "app-a", subnetId=SUBNET, routeTableId=TABLE)
CLUSTER = resource("aws:eks/cluster:Cluster", "cluster", vpcConfig=SUBNET)
S3: dict[str, Plain] = {"vpcEndpointType": "Gateway", "serviceName": "com.amazonaws.eu-west-1.s3"}
AROUND = (SUBNET, ROUTED, TABLE, OTHER, CLUSTER)


def gateway(properties: dict[str, Plain] = S3, *tables: Resource) -> Resource:
    return resource(ENDPOINT, "s3", properties, routeTableIds=tables or (TABLE,))


@pytest.mark.parametrize("kind", ["Gateway", None])
def test_s3_by_a_gateway_in_the_route_table_of_the_workload(kind: Plain) -> None:
    assert violations(S3_BY_ENDPOINT, *AROUND, gateway(S3 | {"vpcEndpointType": kind})) == []


def test_a_route_table_may_be_associated_from_outside() -> None:
    bare = resource(ENDPOINT, "s3", S3)
    token = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"  # noqa: S105 -- a type token
    association = resource(token, "s3", vpcEndpointId=bare, routeTableId=TABLE)
    assert violations(S3_BY_ENDPOINT, *AROUND, bare, association) == []


MISSING = [("app-a", "the workload in it reaches S3 by no gateway endpoint of this stack")]


@pytest.mark.parametrize(
    "endpoint",
    [
        gateway(S3, OTHER),
        gateway(S3 | {"vpcEndpointType": "Interface"}),
        gateway(S3 | {"serviceName": "com.amazonaws.eu-west-1.dynamodb"}),
        gateway(S3 | {"serviceName": UNKNOWN}),
    ],
)
def test_another_endpoint_is_none(endpoint: Resource) -> None:
    assert violations(S3_BY_ENDPOINT, *AROUND, endpoint) == MISSING


def test_every_subnet_of_nodes_and_control_plane_counts() -> None:
    nodes = resource("kubernetes:eks.amazonaws.com/v1:NodeClass", "nodes", spec=SUBNET)
    assert violations(S3_BY_ENDPOINT, SUBNET, ROUTED, TABLE, nodes) == MISSING
    assert violations(S3_BY_ENDPOINT, SUBNET, TABLE, CLUSTER, gateway()) == MISSING
    assert violations(S3_BY_ENDPOINT, SUBNET) == []


OWN: Plain = {"StringEquals": {"aws:PrincipalAccount": "111111111111"}}


def document(**statement: Plain) -> str:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


GOOD: dict[str, Plain] = {
    "vpcEndpointType": "Interface",
    "privateDnsEnabled": True,
    "policy": document(Resource="*", Condition=OWN),
}


def interface(**change: Plain) -> Resource:
    return resource(ENDPOINT, "it", GOOD | change, vpcId=VPC, securityGroupIds=GROUP)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"privateDnsEnabled": False}, ["privateDnsEnabled is false; it must be true, or nobody finds the endpoint"]),
        ({"privateDnsEnabled": None}, ["privateDnsEnabled is absent; it must be true, or nobody finds the endpoint"]),
        ({"policy": None}, ["without a policy it lets everything through, to anybody's resources"]),
        ({"policy": ""}, ["without a policy it lets everything through, to anybody's resources"]),
        ({"policy": "{"}, ["policy is not a document that can be read"]),
        ({"policy": "[]"}, ["policy is not a document that can be read"]),
    ],
)
def test_interface_endpoints(change: dict[str, Plain], expected: list[str]) -> None:
    found = violations(ENDPOINTS_NARROW, interface(**change), VPC, GROUP)
    assert found == [("it", message) for message in expected]


@pytest.mark.parametrize(
    ("statement", "narrow"),
    [
        ({"Resource": "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"}, True),
        ({"Resource": ["arn:aws:s3:::one", "arn:aws:s3:::one/*"]}, True),
        ({"Resource": "*", "Condition": OWN}, True),
        ({"Effect": "Deny", "Resource": "*"}, True),
        ({"Resource": "*"}, False),
        ({"Resource": ["arn:aws:s3:::one", "*"]}, False),
        ({"Resource": "arn:aws:s3:::*"}, False),
        ({"Resource": "arn:aws:s3:::*/*"}, False),
        ({"Resource": "*", "Condition": {}}, False),
        ({"NotResource": "arn:aws:s3:::one"}, False),
        ({}, False),
    ],
)
def test_a_policy_names_resources_or_a_condition(statement: dict[str, Plain], *, narrow: bool) -> None:
    found = violations(ENDPOINTS_NARROW, interface(policy=document(**statement)), VPC, GROUP)
    wide = [("it", "a statement of policy allows every resource without a condition")]
    assert found == ([] if narrow else wide)


def test_an_unknown_policy_is_undecided() -> None:
    resources = (interface(policy=UNKNOWN), VPC, GROUP)
    assert violations(ENDPOINTS_NARROW, *resources) == []
    assert undecided(ENDPOINTS_NARROW, *resources) == ["it"]


def test_group_and_vpc_are_of_the_stack() -> None:
    bare = resource(ENDPOINT, "it", GOOD | {"securityGroupIds": ["sg-elsewhere"]})
    assert violations(ENDPOINTS_NARROW, bare) == [
        ("it", "securityGroupIds must attach a group of this stack, not the VPC's default"),
        ("it", "vpcId must be a VPC of this stack"),
    ]


def test_a_gateway_has_neither_names_nor_groups() -> None:
    only_policy: dict[str, Plain] = {"vpcEndpointType": "Gateway", "policy": GOOD["policy"]}
    assert violations(ENDPOINTS_NARROW, resource(ENDPOINT, "s3", only_policy, vpcId=VPC), VPC) == []


SERVICES = ("ecr.api", "ecr.dkr", "sts", "secretsmanager", "kms", "logs")
STANDING = (VPC, resource(SUBNET.type, SUBNET.name, vpcId=VPC), CLUSTER)


def of_service(service: str, **properties: Plain) -> Resource:
    known: dict[str, Plain] = {"vpcEndpointType": "Interface", "serviceName": f"com.amazonaws.eu-west-1.{service}"}
    return resource(ENDPOINT, service, {**known, **properties}, vpcId=VPC)


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({}, ""),
        ({"serviceName": "com.amazonaws.us-east-1.kms-fips"}, ""),
        ({"serviceName": "cn.com.amazonaws.cn-north-1.kms"}, ""),
        ({"serviceName": "com.amazonaws.eu-west-1.otherkms"}, "kms"),
        ({"serviceName": UNKNOWN}, "kms"),
        ({"serviceName": ["kms\n"]}, "kms"),
        ({"vpcEndpointType": None}, "kms"),  # absent: a gateway, of which KMS has none
    ],
)
def test_a_workload_of_production_calls_aws_inside(changed: dict[str, Plain], missing: str) -> None:
    endpoints = [of_service(each, **(changed if each == "kms" else {})) for each in SERVICES]
    message = f"its workload reaches {missing} by no endpoint of this stack"
    assert violations(CALLS_INSIDE, *STANDING, *endpoints) == ([("vpc", message)] if missing else [])


def test_development_and_networks_without_a_workload_may_call_by_nat() -> None:
    assert violations(CALLS_INSIDE, VPC, SUBNET) == []
    tagged = resource(VPC.type, VPC.name, {"tags": {"tmi:tier": "development"}})
    assert violations(CALLS_INSIDE, *STANDING, tagged) == []
    message = f"its workload reaches {', '.join(SERVICES)} by no endpoint of this stack"
    assert violations(CALLS_INSIDE, *STANDING) == [("vpc", message)]
