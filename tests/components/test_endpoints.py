"""AWS services inside the VPC, for this account alone."""

from __future__ import annotations

import pulumi_aws as aws
import pytest

from components.endpoints import ACTIONS, Endpoints, EndpointsArgs, endpoint_policy
from components.settings.choices import InterfaceEndpoint
from tests.cloud import Cloud, run
from tests.iam import findings

ALL = tuple(InterfaceEndpoint)


def endpoints(services: tuple[InterfaceEndpoint, ...] = ALL) -> Cloud:
    args = EndpointsArgs(
        stack_name="tmi-dev",
        region="eu-west-1",
        account="111111111111",
        vpc_id="vpc-1",
        subnet_ids=["subnet-a", "subnet-b"],
        security_group_id="sg-endpoints",
        services=services,
    )
    return run(lambda: Endpoints("endpoints", args))


def test_each_service_has_an_endpoint_with_its_public_name() -> None:
    made = {endpoint.name: endpoint.inputs for endpoint in endpoints().of(aws.ec2.VpcEndpoint)}
    assert len(made) == len(ALL)
    images = made["endpoints-ecr-dkr"]
    assert images["serviceName"] == "com.amazonaws.eu-west-1.ecr.dkr"
    assert images["subnetIds"] == ["subnet-a", "subnet-b"]
    for endpoint in made.values():
        assert endpoint["vpcEndpointType"] == "Interface"
        assert endpoint["privateDnsEnabled"] is True
        assert endpoint["securityGroupIds"] == ["sg-endpoints"]


def test_no_service_no_endpoint() -> None:
    cloud = endpoints(())
    assert [resource.name for resource in cloud.resources] == ["endpoints"]


@pytest.mark.parametrize("service", ALL)
def test_a_policy_admits_this_account_and_named_actions(service: InterfaceEndpoint) -> None:
    (statement,) = endpoint_policy(service, "111111111111")["Statement"]
    assert statement["Condition"]["StringEquals"]["aws:PrincipalAccount"] == "111111111111"
    assert statement["Action"] == list(ACTIONS[service])
    assert not [action for action in statement["Action"] if "*" in action]


def test_secrets_of_other_accounts_are_out_of_reach() -> None:
    (statement,) = endpoint_policy(InterfaceEndpoint.SECRETS_MANAGER, "111111111111")["Statement"]
    assert statement["Condition"]["StringEquals"]["aws:ResourceAccount"] == "111111111111"


def test_images_of_aws_stay_in_reach() -> None:
    (statement,) = endpoint_policy(InterfaceEndpoint.ECR_API, "111111111111")["Statement"]
    assert statement["Condition"]["StringEquals"].keys() == {"aws:PrincipalAccount"}


def test_a_linter_finds_nothing_but_the_star_in_the_policies() -> None:
    # An endpoint's policy is a limit: whose the resources are, says its condition.
    for endpoint in endpoints().of(aws.ec2.VpcEndpoint):
        found = findings(endpoint.inputs["policy"])
        assert [finding for finding in found if not finding.startswith("RESOURCE_STAR - ")] == []
