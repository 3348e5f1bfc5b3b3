"""Endpoints: AWS services are reached inside the VPC, and only as far as a policy says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.documents import listed, statements
from policy.facts.tiers import for_development
from policy.graph import Graph, Resource
from policy.network.group_roles import ENDPOINT, NODE_CLASS
from policy.network.security_groups import CLUSTER, GROUPS
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.rules.network.vpc import SUBNET, VPC
from policy.values import UNKNOWN, Plain, present, read, show

_ROUTE_TABLE: Final = "aws:ec2/routeTable:RouteTable"
_ASSOCIATION: Final = "aws:ec2/routeTableAssociation:RouteTableAssociation"
_CALLED: Final = ("ecr.api", "ecr.dkr", "sts", "secretsmanager", "kms", "logs")
"""What every node and pod of EKS calls: images, credentials, secrets and logs; S3 has a rule of its own."""
_ENDPOINT_ASSOCIATION: Final = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"


def s3_by_endpoint(graph: Graph) -> Iterator[Violation]:
    """Each subnet that nodes, pods or the control plane stand in has a route to S3 by a gateway endpoint."""
    served = {
        table.urn for endpoint in graph.of_type(ENDPOINT) if _is_s3(endpoint) for table in _tables(graph, endpoint)
    }
    for subnet in _workload_subnets(graph):
        tables = [
            table
            for association in graph.referring(subnet, "subnetId", _ASSOCIATION)
            for table in graph.references(association, "routeTableId", {_ROUTE_TABLE})
        ]
        if not tables or any(table.urn not in served for table in tables):
            yield Violation(subnet, "the workload in it reaches S3 by no gateway endpoint of this stack")


def _is_s3(endpoint: Resource) -> bool:
    service = endpoint.get("serviceName")
    kind = endpoint.get("vpcEndpointType")  # absent: Gateway
    return kind in (None, "Gateway") and isinstance(service, str) and service.endswith(".s3")


def _tables(graph: Graph, endpoint: Resource) -> list[Resource]:
    own = graph.named(endpoint, "routeTableIds", {_ROUTE_TABLE})
    associations = graph.referring(endpoint, "vpcEndpointId", _ENDPOINT_ASSOCIATION)
    return own + [each for one in associations for each in graph.references(one, "routeTableId", {_ROUTE_TABLE})]


def _workload_subnets(graph: Graph) -> list[Resource]:
    holders = [
        *((each, "vpcConfig") for each in graph.of_type(CLUSTER)),
        *((c, "spec") for c in graph.of_type(NODE_CLASS)),
    ]
    found = [subnet for holder, name in holders for subnet in graph.named(holder, name, {SUBNET}, "subnetIds")]
    return list({subnet.urn: subnet for subnet in found}.values())


def calls_inside(graph: Graph) -> Iterator[Violation]:
    """The network of a production workload has an interface endpoint of each service that every workload calls."""
    subnets = _workload_subnets(graph)
    vpcs = {vpc.urn: vpc for subnet in subnets for vpc in graph.named(subnet, "vpcId", {VPC})}
    for vpc in vpcs.values():
        if for_development(graph, vpc):
            continue
        inside = (
            each for each in graph.referring(vpc, "vpcId", ENDPOINT) if each.get("vpcEndpointType") == "Interface"
        )
        names = [name for each in inside if isinstance(name := each.get("serviceName"), str)]
        missing = [each for each in _CALLED if not any(name.endswith((f".{each}", f".{each}-fips")) for name in names)]
        if missing:
            yield Violation(vpc, f"its workload reaches {', '.join(missing)} by no endpoint of this stack")


def endpoints_narrow(graph: Graph) -> Iterator[Finding]:
    """Each endpoint has a policy; an interface answers to the service's own name, behind a group of the stack."""
    for endpoint in graph.of_type(ENDPOINT):
        if endpoint.get("vpcEndpointType") not in (None, "Gateway"):
            if endpoint.get("privateDnsEnabled") is not True:  # absent: false
                shown = show(endpoint.get("privateDnsEnabled"))
                yield Violation(
                    endpoint, f"privateDnsEnabled is {shown}; it must be true, or nobody finds the endpoint"
                )
            if not graph.named(endpoint, "securityGroupIds", GROUPS):
                yield Violation(endpoint, "securityGroupIds must attach a group of this stack, not the VPC's default")
        if not graph.named(endpoint, "vpcId", {VPC}):
            yield Violation(endpoint, "vpcId must be a VPC of this stack")
        yield from _policy(endpoint)


def _policy(endpoint: Resource) -> Iterator[Finding]:
    document = endpoint.get("policy")
    found = statements(document)
    if document is UNKNOWN:
        yield Undecided(endpoint, "what its policy lets through")
    elif not present(document):
        yield Violation(endpoint, "without a policy it lets everything through, to anybody's resources")
    elif found is None:
        yield Violation(endpoint, "policy is not a document that can be read")
    elif any(_is_wide(statement) for statement in found):
        yield Violation(endpoint, "a statement of policy allows every resource without a condition")


def _is_wide(statement: Plain) -> bool:
    """Whether a statement allows all resources there are, whoever they belong to."""
    if read(statement, "Effect") == "Deny" or present(read(statement, "Condition")):
        return False
    resources = listed(read(statement, "Resource"))
    return not resources or any(
        not isinstance(each, str) or not each.split(":", 5)[-1].strip("*/") for each in resources
    )


S3_BY_ENDPOINT: Final = GraphRule(
    about=Description(
        id="workloads-reach-s3-inside",
        title="Workloads reach S3 by a gateway endpoint",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC05", "CIS AWS 6.8"),
        why="Images and logs would cross the internet by NAT, past the policy that says whose buckets may be reached.",
        remediation="Give the route table of each workload's subnet to a gateway endpoint of S3.",
    ),
    check=s3_by_endpoint,
)
CALLS_INSIDE: Final = GraphRule(
    about=Description(
        id="workloads-call-aws-inside",
        title="Workloads of production reach images, credentials, secrets and logs by endpoints",
        severity=Severity.MEDIUM,
        frameworks=("FSBP EC2.55", "FSBP EC2.56", "WA SEC05"),
        why="Without an endpoint these calls leave the network by NAT, past the policy that says whose resources may "
        "be reached.",
        remediation="Declare interface endpoints of ecr.api, ecr.dkr, sts, secretsmanager, kms and logs in the VPC.",
    ),
    check=calls_inside,
)
ENDPOINTS_NARROW: Final = GraphRule(
    about=Description(
        id="endpoints-narrow",
        title="Endpoints answer to private names, behind a group and a policy of this stack",
        severity=Severity.MEDIUM,
        frameworks=("FSBP EC2.55", "FSBP EC2.56", "WA SEC05"),
        why="An endpoint without a policy carries data to any account; one without private DNS is passed by.",
        remediation="Set privateDnsEnabled, securityGroupIds, and a policy that names resources or a condition.",
    ),
    check=endpoints_narrow,
)
