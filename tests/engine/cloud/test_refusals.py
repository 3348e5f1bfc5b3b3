"""What the simulated cloud refuses, as the operator reads it from the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.cloud.programs import CLUSTER, KUBERNETES, NETWORK, program

if TYPE_CHECKING:
    from tests.engine.conftest import MakeProject

DEPLOYMENT = """
kubernetes.apps.v1.Deployment(
    "server",
    spec={
        "replcas": 1,
        "selector": {"matchLabels": {"app": "tmi"}},
        "template": {
            "metadata": {"labels": {"app": "tmi"}},
            "spec": {"serviceAccountName": "tmi", "containers": [{"name": "tmi", "image": "tmi"}]},
        },
    },
    opts=inside,
)
"""


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param(
            'aws.lb.TargetGroup("pods", port=8443, protocol="HTTPS", health_check={"pathh": "/"}, opts=own)',
            "healthCheck.pathh: unknown property; did you mean path?",
            id="unknown property",
        ),
        pytest.param(
            'pulumi.CustomResource("aws:ec2/subnet:Subnet", "data", {"cidrBlock": "10.0.0.0/24"}, own)',
            "vpcId: missing: the provider requires it",
            id="missing property",
        ),
        pytest.param(
            'aws.ec2.SecurityGroup("database", vpc_id="vpc-0123456789abcdef0", opts=own)',
            "vpcId: vpc-0123456789abcdef0 does not exist here",
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
            'aws.lb.LoadBalancer("a-load-balancer-of-too-long-a-name", opts=own)',
            "exceed the 32 that name may have",
            id="name too long",
        ),
        pytest.param(
            """
            main = aws.rds.Instance("main", identifier="main", instance_class="db.t4g.micro", engine="postgres", opts=own)
            aws.rds.Instance("copy", replicate_source_db=main.identifier, instance_class="db.t4g.micro", opts=own)
            """,
            "replicateSourceDb: main takes no automated backups",
            id="replica without backups",
        ),
        pytest.param(
            'aws.Provider("misspelt", region="eu-west-1", default_tags={"tag": {"a": "b"}})',
            "defaultTags.tag: unknown property; did you mean tags?",
            id="provider setting",
        ),
    ],
)
def test_a_preview_refuses(project: MakeProject, source: str, message: str) -> None:
    assert message in "\n".join(project(program(source)).preview().errors)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param(
            'aws.ec2.Subnet("far", vpc_id=vpc.id, cidr_block="10.1.0.0/24", opts=own)',
            "cidrBlock: 10.1.0.0/24 lies outside the VPC's range 10.0.0.0/16",
            id="outside",
        ),
        pytest.param(
            'aws.ec2.Subnet("twice", vpc_id=vpc.id, cidr_block="10.0.0.128/25", opts=own)',
            "cidrBlock: 10.0.0.128/25 overlaps 10.0.0.0/24 of data-a in the same VPC",
            id="overlap",
        ),
        pytest.param(
            """
            other = aws.ec2.Subnet(
                "other", vpc_id=vpc.id, cidr_block="10.0.9.0/24", availability_zone="eu-west-1a", opts=own
            )
            aws.rds.SubnetGroup("data", subnet_ids=[subnets[0].id, other.id], opts=own)
            """,
            "subnetIds: must be subnets of at least two availability zones, but all lie in eu-west-1a",
            id="database in one zone",
        ),
        pytest.param(
            'aws.lb.LoadBalancer("front", subnets=[subnets[0].id], opts=own)',
            "subnets: must be subnets of at least two availability zones, but only 1 is given",
            id="load balancer in one zone",
        ),
    ],
)
def test_a_deployment_refuses(project: MakeProject, source: str, message: str) -> None:
    assert message in "\n".join(project(program(NETWORK, source)).up().errors)


def test_what_the_stack_file_names_exists(project: MakeProject) -> None:
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/from-elsewhere"
    stack = project(program(f'aws.acm.CertificateValidation("front", certificate_arn="{arn}", opts=own)'))
    assert f"certificateArn: {arn} does not exist here" in "\n".join(stack.preview().errors)

    stack.write_config({"tmi:certificate": arn})
    assert stack.preview().errors == []


@pytest.mark.parametrize(
    ("parts", "messages"),
    [
        pytest.param(
            (NETWORK, CLUSTER, KUBERNETES, DEPLOYMENT),
            ("spec: unknown field replcas", "spec.template.spec.serviceAccountName: there is no ServiceAccount 'tmi'"),
            id="unknown field and missing service account",
        ),
        pytest.param(
            (
                NETWORK,
                CLUSTER,
                KUBERNETES,
                'kubernetes.core.v1.ConfigMap("tls", metadata={"namespace": "tm"}, opts=inside)',
            ),
            ("metadata.namespace: there is no namespace 'tm'",),
            id="missing namespace",
        ),
        pytest.param(
            (
                *(NETWORK, CLUSTER, KUBERNETES),
                'kubernetes.apiextensions.CustomResource("w", api_version="example.com/v1", kind="Widget", opts=inside)',
            ),
            ("kind: example.com/v1 Widget is not served by Kubernetes 1.34, and no CustomResourceDefinition",),
            id="unknown kind",
        ),
        pytest.param(
            ('cluster = aws.ec2.Vpc("net", cidr_block="10.0.0.0/16", opts=own)', KUBERNETES, DEPLOYMENT),
            ("there is no EKS cluster to put it in",),
            id="no cluster",
        ),
    ],
)
def test_a_cluster_refuses(project: MakeProject, parts: tuple[str, ...], messages: tuple[str, ...]) -> None:
    said = "\n".join(project(program(*parts)).preview().errors)
    assert [message for message in messages if message not in said] == []
