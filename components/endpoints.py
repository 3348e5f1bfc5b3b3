"""Interface endpoints: AWS services reached inside the VPC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.settings.choices import InterfaceEndpoint

_IMAGES: Final = (
    "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:BatchImportUpstreamImage", "ecr:CreateRepository",
    "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer",
)  # fmt: skip

ACTIONS: Final[Mapping[InterfaceEndpoint, tuple[str, ...]]] = {
    InterfaceEndpoint.ECR_API: _IMAGES,
    InterfaceEndpoint.ECR_DKR: _IMAGES,
    InterfaceEndpoint.STS: ("sts:AssumeRole", "sts:GetCallerIdentity", "sts:TagSession"),
    InterfaceEndpoint.SECRETS_MANAGER: ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"),
    InterfaceEndpoint.KMS: ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
    InterfaceEndpoint.LOGS: (
        "logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams",
        "logs:PutLogEvents", "logs:PutRetentionPolicy",
    ),
    InterfaceEndpoint.MONITORING: ("cloudwatch:PutMetricData",),
    InterfaceEndpoint.XRAY: (
        "xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ),
    InterfaceEndpoint.EKS_AUTH: ("eks-auth:AssumeRoleForPodIdentity",),
}  # fmt: skip
"""What nodes, pods and their agents call. An endpoint grants nothing: it says the most that IAM can allow by it."""

_OWN_RESOURCES: Final = frozenset({InterfaceEndpoint.SECRETS_MANAGER, InterfaceEndpoint.KMS, InterfaceEndpoint.LOGS})
"""Services of which only this account's resources are reached. Not ECR: images of EKS add-ons are in AWS's accounts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointsArgs:
    """What :class:`Endpoints` needs from its caller."""

    stack_name: str
    """The prefix of the Name tags."""
    region: str
    """The stack's region."""
    account: str
    """The stack's account: no other one's identities pass."""
    vpc_id: pulumi.Input[str]
    """The VPC, in which the services' public names then resolve to the endpoints."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """The endpoint subnets, one a zone."""
    security_group_id: pulumi.Input[str]
    """The group of the endpoints."""
    services: tuple[InterfaceEndpoint, ...]
    """The services; none costs nothing, and their traffic goes by NAT."""


class Endpoints(pulumi.ComponentResource):
    """One endpoint a service, with a policy: a way in for this account's identities, no way out for its data."""

    TYPE: Final = "tmi:network:Endpoints"

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        for service in args.services:
            aws.ec2.VpcEndpoint(
                f"{name}-{service.replace('.', '-')}",
                vpc_id=args.vpc_id,
                vpc_endpoint_type="Interface",
                service_name=f"com.amazonaws.{args.region}.{service}",
                private_dns_enabled=True,
                subnet_ids=args.subnet_ids,
                security_group_ids=[args.security_group_id],
                policy=pulumi.Output.json_dumps(endpoint_policy(service, args.account)),
                tags={"Name": f"{args.stack_name}-{service}"},
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})


def endpoint_policy(service: InterfaceEndpoint, account: str) -> dict[str, Any]:
    """The policy of a service's endpoint."""
    of_this_account = {"aws:PrincipalAccount": account}
    if service in _OWN_RESOURCES:
        of_this_account["aws:ResourceAccount"] = account
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": list(ACTIONS[service]),
                "Resource": "*",  # the condition says whose
                "Condition": {"StringEquals": of_this_account},
            }
        ],
    }
