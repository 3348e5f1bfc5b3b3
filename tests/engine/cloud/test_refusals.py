"""What the simulated cloud refuses, as the operator reads it from the engine. All of it is refused in a preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.cloud.programs import CLUSTER, KUBERNETES, NETWORK, program
from tests.engine.harness import Project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import MakeProject


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, cli: Path) -> Project:
    """A stack with a network and a cluster, so that their ids are known."""
    project = Project(tmp_path_factory.mktemp("standing"), cli, program(NETWORK, CLUSTER, KUBERNETES))
    assert project.up().errors == []
    return project


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param(
            'aws.lb.TargetGroup("pods", port=8443, protocol="HTTPS", health_check={"pathh": "/"}, opts=own)',
            "aws:lb/targetGroup:TargetGroup resource 'pods' has a problem: "
            "healthCheck.pathh: unknown property; did you mean path?",
            id="unknown property",
        ),
        pytest.param(
            'pulumi.CustomResource("aws:ec2/subnet:Subnet", "more", {"cidrBlock": "10.0.9.0/24"}, own)',
            "aws:ec2/subnet:Subnet resource 'more' has a problem: vpcId: missing: the provider requires it",
            id="missing property",
        ),
        pytest.param(
            'aws.Provider("misspelt", region="eu-west-1", default_tags={"tag": {"a": "b"}})',
            "resource 'misspelt' has a problem: defaultTags.tag: unknown property; did you mean tags?",
            id="provider setting",
        ),
        pytest.param(
            'aws.ec2.SecurityGroup("database", vpc_id="vpc-0123456789abcdef0", opts=own)',
            "resource 'database' has a problem: vpcId: vpc-0123456789abcdef0 does not exist here",
            id="dangling reference",
        ),
        pytest.param(
            """
            aws.cloudwatch.LogGroup("one", name="/tmi", opts=own)
            aws.cloudwatch.LogGroup("two", name="/tmi", opts=own)
            """,
            "has the same name /tmi, region eu-west-1; give one of them another",
            id="duplicate name",
        ),
        pytest.param(
            'aws.ec2.Subnet("far", vpc_id=vpc.id, cidr_block="10.1.0.0/24", opts=own)',
            "resource 'far' has a problem: cidrBlock: 10.1.0.0/24 lies outside the VPC's range 10.0.0.0/16",
            id="subnet outside",
        ),
        pytest.param(
            'aws.ec2.Subnet("twice", vpc_id=vpc.id, cidr_block="10.0.0.128/25", opts=own)',
            "resource 'twice' has a problem: cidrBlock: 10.0.0.128/25 overlaps 10.0.0.0/24 of data-a in the same VPC",
            id="subnet overlaps",
        ),
        pytest.param(
            'aws.rds.SubnetGroup("data", subnet_ids=[subnets[0].id, subnets[0].id], opts=own)',
            "resource 'data' has a problem: subnetIds: must be subnets of at least two availability zones, "
            "but all lie in eu-west-1a",
            id="database in one zone",
        ),
        pytest.param(
            'aws.lb.LoadBalancer("front", subnets=[subnets[0].id], opts=own)',
            "resource 'front' has a problem: subnets: must be subnets of at least two availability zones, "
            "but all lie in eu-west-1a",
            id="load balancer in one zone",
        ),
        pytest.param(
            """
            size = {"instance_class": "db.t4g.micro", "opts": own}
            main = aws.rds.Instance("main", identifier="main", engine="postgres", **size)
            aws.rds.Instance("copy", replicate_source_db=main.identifier, **size)
            """,
            "resource 'copy' has a problem: replicateSourceDb: main takes no automated backups: "
            "set its backupRetentionPeriod to at least 1 day",
            id="replica without backups",
        ),
        pytest.param(
            """
            kubernetes.core.v1.Service("server", spec={"ports": [{"prot": 443}]}, opts=inside)
            """,
            "kubernetes:core/v1:Service resource 'server' has a problem: spec.ports[0]: unknown field prot; known are",
            id="Kubernetes field",
        ),
        pytest.param(
            'kubernetes.core.v1.ConfigMap("tls", metadata={"namespace": "tm"}, opts=inside)',
            "resource 'tls' has a problem: metadata.namespace: there is no namespace 'tm'",
            id="Kubernetes namespace",
        ),
    ],
)
def test_a_preview_refuses(standing: Project, source: str, message: str) -> None:
    standing.write_program(program(NETWORK, CLUSTER, KUBERNETES, source))

    assert message in "\n".join(standing.preview().errors)


def test_what_the_stack_file_names_exists(project: MakeProject) -> None:
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/from-elsewhere"
    stack = project(program(f'aws.acm.CertificateValidation("front", certificate_arn="{arn}", opts=own)'))
    assert f"certificateArn: {arn} does not exist here" in "\n".join(stack.preview().errors)

    stack.write_config({"tmi:certificate": arn})
    assert stack.preview().errors == []
