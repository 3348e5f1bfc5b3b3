"""The version of Kubernetes on the real engine: the state tells what stands, so a preview already refuses a skip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine.harness import Project, Result

CLUSTER = """
import json

import pulumi
import pulumi_aws as aws

from components.kubernetes_version import version_hook

account = aws.Provider("account", region="eu-west-1", allowed_account_ids=["111111111111"])
opts = pulumi.ResourceOptions(provider=account)
trust = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
role = aws.iam.Role(
    "role", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}), opts=opts
)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=opts)
subnets = [
    aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=cidr, availability_zone=zone, opts=opts).id
    for zone, cidr in {"eu-west-1a": "10.0.0.0/24", "eu-west-1b": "10.0.1.0/24"}.items()
]
settings = pulumi.Config().require_object("stack")
aws.eks.Cluster(
    "cluster",
    role_arn=role.arn,
    version=settings["version"],
    vpc_config=aws.eks.ClusterVpcConfigArgs(subnet_ids=subnets),
    deletion_protection=settings["protected"],
    opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(hooks=version_hook())),
)
"""


@dataclass
class Life:
    made: Result
    skipping: Result
    skipped: Result
    raised: Result
    lowering: Result
    otherwise: Result


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, cli: Path) -> Life:
    project = Project(tmp_path_factory.mktemp("version"), cli, CLUSTER)

    def at(version: str, *, protected: bool = False) -> Project:
        project.write_config({"tmi:stack": {"version": version, "protected": protected}})
        return project

    return Life(
        made=at("1.35").up(),
        skipping=at("1.37").preview(),
        skipped=at("1.37").up(),
        raised=at("1.36").up(),
        lowering=at("1.35").preview(),
        otherwise=at("1.36", protected=True).up(),
    )


def test_a_cluster_is_made_in_any_version_and_raised_by_one(life: Life) -> None:
    assert life.made.changed["cluster"] == "create"
    assert life.raised.changed == {"cluster": "update"}


def test_a_skip_is_refused_before_anything_is_touched(life: Life) -> None:
    for refused in (life.skipping, life.skipped):
        assert refused.exit_code != 0
        assert any('"1.37" skips a minor version, the cluster has 1.35' in error for error in refused.errors)
        assert refused.changed == {}


def test_a_version_does_not_fall(life: Life) -> None:
    assert life.lowering.exit_code != 0
    assert any('"1.35" is older than the cluster' in error for error in life.lowering.errors)


def test_other_changes_of_a_cluster_pass(life: Life) -> None:
    assert life.otherwise.changed == {"cluster": "update"}
