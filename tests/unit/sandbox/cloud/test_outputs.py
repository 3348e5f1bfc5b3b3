from __future__ import annotations

import re
from string import Formatter

import pytest

from sandbox.cloud.aws import Aws
from sandbox.cloud.backend import ProviderSettings
from sandbox.cloud.catalogue import resource_type
from sandbox.cloud.outputs.attributes import ATTRIBUTES
from sandbox.cloud.outputs.identity import ARN_FORMATS, ARN_IS_ID, EC2_PREFIXES, ID_FORMATS, ID_MAKERS
from sandbox.cloud.outputs.making import Place
from sandbox.cloud.values import UNKNOWN, Properties, Secret, Value
from sandbox.cloud.world import Resource
from tests.unit.sandbox.cloud.making import resource, world

SETTINGS = ProviderSettings(Place("111111111111", "eu-west-1"))
HERE = "eu-west-1:111111111111"


def create(token: str, **inputs: Value) -> Resource:
    return Aws().create(resource(token, **inputs), world(), SETTINGS)


@pytest.mark.parametrize(
    ("token", "inputs", "id_", "outputs"),
    [
        ("aws:ec2/vpc:Vpc", {}, r"vpc-[0-9a-f]{17}", {"defaultSecurityGroupId": r"sg-[0-9a-f]{17}"}),
        ("aws:ec2/eip:Eip", {}, r"eipalloc-[0-9a-f]{17}", {"publicIp": r"203\.0\.113\.\d+"}),
        ("aws:kms/key:Key", {}, r"[0-9a-f-]{36}", {"arn": rf"arn:aws:kms:{HERE}:key/[0-9a-f-]{{36}}"}),
        (
            "aws:secretsmanager/secret:Secret",
            {"name": "dsn"},
            rf"arn:aws:secretsmanager:{HERE}:secret:dsn-[0-9a-f]{{6}}",
            {"arn": rf"arn:aws:secretsmanager:{HERE}:secret:dsn-[0-9a-f]{{6}}"},
        ),
        (
            "aws:ecr/replicationConfiguration:ReplicationConfiguration",
            {},
            "111111111111",
            {"registryId": "111111111111"},
        ),
        (
            "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
            {"name": "archive"},
            rf"arn:aws:firehose:{HERE}:deliverystream/archive",
            {"arn": rf"arn:aws:firehose:{HERE}:deliverystream/archive"},
        ),
        (
            "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
            {"sourceDbInstanceArn": f"arn:aws:rds:{HERE}:db:main"},
            rf"arn:aws:rds:{HERE}:auto-backup:ab-[0-9a-f]{{16}}",
            {},
        ),
        (
            "aws:rds/instance:Instance",
            {"identifier": "main"},
            r"db-[A-Z2-7]{26}",
            {
                "arn": rf"arn:aws:rds:{HERE}:db:main",
                "endpoint": r"main\.[0-9a-f]{12}\.eu-west-1\.rds\.amazonaws\.com:5432",
            },
        ),
        (
            "aws:elasticache/replicationGroup:ReplicationGroup",
            {"replicationGroupId": "tmi", "numCacheClusters": 2.0},
            "tmi",
            {"primaryEndpointAddress": r"master\.tmi\.[0-9a-f]{6}\.euw1\.cache\.amazonaws\.com"},
        ),
        (
            "aws:lb/loadBalancer:LoadBalancer",
            {"name": "front", "internal": True},
            rf"arn:aws:elasticloadbalancing:{HERE}:loadbalancer/app/front/[0-9a-f]{{16}}",
            {
                "arnSuffix": r"app/front/[0-9a-f]{16}",
                "dnsName": r"internal-front-\d+\.eu-west-1\.elb\.amazonaws\.com",
            },
        ),
        (
            "aws:lb/listener:Listener",
            {"loadBalancerArn": "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/front/0"},
            r"arn:aws:elasticloadbalancing:r:1:listener/app/front/0/[0-9a-f]{16}",
            {},
        ),
        (
            "aws:ecr/repository:Repository",
            {"name": "tmi"},
            "tmi",
            {"repositoryUrl": r"111111111111\.dkr\.ecr\.eu-west-1\.amazonaws\.com/tmi"},
        ),
        (
            "aws:iam/role:Role",
            {"name": "pods"},
            "pods",
            {"arn": r"arn:aws:iam::111111111111:role/pods", "uniqueId": r"AROA[A-Z2-7]{17}"},
        ),
        ("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", {"policyName": "all"}, "all", {}),
        (
            "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
            {"resourceArn": f"arn:aws:logs:{HERE}:log-group:one"},
            f"arn:aws:logs:{HERE}:log-group:one",
            {},
        ),
        (
            "aws:budgets/budget:Budget",
            {"name": "tmi"},
            "111111111111:tmi",
            {"arn": r"arn:aws:budgets::111111111111:budget/tmi"},
        ),
        (
            "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
            {"name": "tmi"},
            r"arn:aws:ce::111111111111:anomalymonitor/[0-9a-f-]{36}",
            {},
        ),
        (
            "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
            {"configurationName": "tmi"},
            "arn:aws:chatbot::111111111111:chat-configuration/slack-channel/tmi",
            {"chatConfigurationArn": "arn:aws:chatbot::111111111111:chat-configuration/slack-channel/tmi"},
        ),
        ("aws:wafv2/webAcl:WebAcl", {"name": "front"}, r"[0-9a-f-]{36}", {"arn": rf"arn:aws:wafv2:{HERE}:.*"}),
    ],
)
def test_ids_and_outputs_have_the_form_they_have_in_aws(
    token: str, inputs: Properties, id_: str, outputs: dict[str, str]
) -> None:
    made = create(token, **inputs)

    assert re.fullmatch(id_, made.id)
    assert made.outputs["id"] == made.id
    for name, pattern in outputs.items():
        assert re.fullmatch(pattern, str(made.outputs[name])), name


def test_a_cluster_gets_an_endpoint_and_a_security_group_of_its_own() -> None:
    made = create("aws:eks/cluster:Cluster", name="tmi", vpcConfig={"subnetIds": ["subnet-1"]}).outputs

    config = made["vpcConfig"]
    assert isinstance(config, dict)
    assert config["subnetIds"] == ["subnet-1"]
    assert re.fullmatch(r"sg-[0-9a-f]{17}", str(config["clusterSecurityGroupId"]))
    assert re.fullmatch(r"https://[A-Z2-7]{32}\.gr7\.eu-west-1\.eks\.amazonaws\.com", str(made["endpoint"]))


def test_a_certificate_tells_how_to_validate_each_domain() -> None:
    made = create(
        "aws:acm/certificate:Certificate", domainName="tmi.example.com", subjectAlternativeNames=["a.example.com"]
    )

    options = made.outputs["domainValidationOptions"]
    assert isinstance(options, list)
    assert [option["domainName"] for option in options if isinstance(option, dict)] == [
        "tmi.example.com",
        "a.example.com",
    ]


def test_ids_repeat_from_run_to_run_and_a_second_version_gets_another() -> None:
    vpc = resource("aws:ec2/vpc:Vpc")
    first = Aws().create(vpc, world(), SETTINGS)

    assert Aws().create(vpc, world(), SETTINGS) == first
    assert Aws().create(vpc, world(first), SETTINGS).id != first.id


def test_an_update_keeps_what_the_cloud_gave() -> None:
    made = create("aws:lb/loadBalancer:LoadBalancer", name="front", internal=False)
    wanted = resource("aws:lb/loadBalancer:LoadBalancer", "x", made.id, name="front", idleTimeout=90.0)

    updated = Aws().update(wanted, made.outputs, world(made), SETTINGS)

    assert updated["dnsName"] == made.outputs["dnsName"]
    assert updated["idleTimeout"] == 90
    assert "internal" not in updated


def test_write_only_arguments_are_in_no_output() -> None:
    made = create(
        "aws:secretsmanager/secretVersion:SecretVersion",
        secretId="arn:x",
        secretStringWo=Secret("hidden"),
        secretStringWoVersion=1.0,
    )

    assert "secretStringWo" not in made.outputs
    assert Secret("hidden") not in made.outputs.values()
    assert made.outputs["hasSecretStringWo"] is True


def test_a_preview_knows_the_inputs_and_nothing_that_is_computed() -> None:
    cluster = resource("aws:eks/cluster:Cluster", name="tmi", roleArn=UNKNOWN, vpcConfig={"subnetIds": ["subnet-1"]})

    foreseen = Aws().foresee(cluster, {}, world(), SETTINGS)

    assert foreseen["name"] == "tmi"
    assert foreseen["region"] == "eu-west-1"
    assert foreseen["endpoint"] is UNKNOWN
    assert foreseen["vpcConfig"] == {"subnetIds": ["subnet-1"], "clusterSecurityGroupId": UNKNOWN, "vpcId": UNKNOWN}


def test_a_preview_of_a_change_knows_what_the_cloud_gave_before() -> None:
    made = create("aws:eks/cluster:Cluster", name="tmi", vpcConfig={"subnetIds": ["subnet-1"]})

    assert Aws().foresee(made, made.outputs, world(made), SETTINGS) == {
        **dict.fromkeys(resource_type(made.type).computed, UNKNOWN),
        **made.outputs,
    }


def test_the_tables_name_real_types_and_properties() -> None:
    parts = {"region", "account", "id", "hash", "suffix", "uuid"}
    for token, pattern in [*ID_FORMATS.items(), *ARN_FORMATS.items()]:
        names = {field for _, field, _, _ in Formatter().parse(pattern) if field}
        assert names - parts <= resource_type(token).inputs.types.keys(), token
    for token in (*EC2_PREFIXES, *ID_MAKERS, *ARN_IS_ID, *ATTRIBUTES):
        assert resource_type(token).outputs, token
    for token in ATTRIBUTES:
        made = create(token).outputs
        assert made.keys() - {"id"} <= resource_type(token).outputs, token
