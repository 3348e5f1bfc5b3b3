"""The pack over stacks of people who have nothing of ours: what it says of them is true, or that it cannot know."""

from __future__ import annotations

from typing import Final

import pytest
from inline_snapshot import snapshot

from policy.graph import Graph
from policy.rule import Violation, findings
from policy.rules import RULES
from policy.rules.network.reachability import GROUPS_ADMIT_KNOWN_PEERS
from policy.rules.network.vpc import TIERS_IN_TWO_ZONES
from policy.values import UNKNOWN, Plain
from tests.cloud import run
from tests.policy.elsewhere.board import board
from tests.policy.elsewhere.shop import shop
from tests.policy.making import resource, violations
from tests.policy.recorded import graph_of_cloud

BOTH: Final = pytest.mark.parametrize("preview", [True, False], ids=["preview", "deployed"])
SHOP: Final = snapshot(
    {
        "data-behind-acls": ["data-eu-west-1a", "data-eu-west-1b"],
        "vpc-defaults-empty": ["shop"],
        "vpc-traffic-recorded": ["shop"],
        "name-queries-recorded": ["shop"],
        "subnets-apart": [
            "data-eu-west-1a",
            "data-eu-west-1b",
            "private-eu-west-1a",
            "private-eu-west-1b",
            "public-eu-west-1a",
            "public-eu-west-1b",
        ],
        "groups-described": ["alb", "alb-to-servers", "database", "servers"],
        "balancers-recorded": ["shop"],
        "listeners-send-hsts": ["https"],
        "listeners-send-headers": ["https"],
        "statements-logged": ["shop"],
        "connections-logged": ["shop"],
        "balancers-behind-web-acl": ["shop"],
        "backups-outlive-databases": ["shop"],
        "storage-grows": ["shop"],
        "databases-tell": ["shop"],
        "stateful-protected": ["shop"],
        "keys-closed": ["shop"],
        "databases-watched": ["shop"],
        "copies-elsewhere": ["shop"],
        "databases-backed-up": ["shop"],
        "failures-alarmed": ["https", "shop"],
        "compute-judged": ["servers"],
    }
)
"""What the shop lacks. Whatever is new here must be looked at: is it true?"""
BOARD: Final = snapshot(
    {
        "groups-admit-known-peers": ["board"],
        "keys-closed": ["board"],
        "stateful-protected": ["board"],
        "deletion-refused": ["board"],
        "clusters-recorded": ["board"],
        "containers-bounded": ["board"],
        "nodes-name-subnets": ["board"],
        "add-ons-pinned": ["network"],
        "containers-watched": ["board"],
        "images-from-own-registry": ["board"],
        "namespaces-bounded": ["board"],
        "served-pods-leave-in-order": ["board"],
        "compute-judged": ["board"],
    }
)
"""And the board."""


def said(graph: Graph) -> dict[str, list[str]]:
    """The resources that each rule names, by its id."""
    found: dict[str, set[str]] = {}
    for rule in RULES:
        for finding in findings(rule, graph):
            found.setdefault(rule.about.id, set()).add(finding.resource.name)
    return {name: sorted(resources) for name, resources in found.items()}


@BOTH
def test_nothing_false_is_said_of_a_shop_on_machines(*, preview: bool) -> None:
    assert said(graph_of_cloud(run(shop, project="shop", preview=preview))) == SHOP


@BOTH
def test_nothing_false_is_said_of_a_board_in_the_network_of_another_stack(*, preview: bool) -> None:
    assert said(graph_of_cloud(run(board, project="board", preview=preview))) == BOARD


STRANGE: Final[tuple[tuple[str, dict[str, Plain]], ...]] = (
    ("aws:dynamodb/table:Table", {"hashKey": "id", "billingMode": "PAY_PER_REQUEST"}),
    ("aws:apigatewayv2/api:Api", {"protocolType": "HTTP", "corsConfiguration": {"allowOrigins": ["*"]}}),
    ("aws:cloudfront/distribution:Distribution", {"enabled": True, "origins": [{"domainName": "example.com"}]}),
    ("aws:cognito/userPool:UserPool", {"mfaConfiguration": "OFF"}),
    ("aws:sfn/stateMachine:StateMachine", {"definition": "{}", "roleArn": UNKNOWN}),
    ("aws:msk/cluster:Cluster", {"kafkaVersion": "3.9.0", "brokerNodeGroupInfo": {"clientSubnets": ["subnet-1"]}}),
    ("aws:opensearch/domain:Domain", {"engineVersion": "OpenSearch_2.19", "encryptAtRest": None}),
    ("gcp:sql/databaseInstance:DatabaseInstance", {"publiclyAccessible": True}),
    ("azure-native:storage:StorageAccount", {"kmsKeyId": None, "policy": "*"}),
    ("cloudflare:index/record:Record", {"proxied": False}),
    ("kubernetes:cert-manager.io/v1:Certificate", {"spec": {"dnsNames": ["shop.example.com"]}}),
    ("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", {"spec": {"endpoints": [{"scheme": "http"}]}}),
    ("kubernetes:storage.k8s.io/v1:StorageClass", {"provisioner": "ebs.csi.eks.amazonaws.com"}),
    ("pulumi:pulumi:StackReference", {"name": "network/prod", "outputs": UNKNOWN}),
    ("shop:index:Component", {"subnets": ["subnet-1"]}),
)


def test_types_that_no_rule_knows_are_left_alone() -> None:
    graph = Graph.of(*(resource(token, f"it-{number}", held) for number, (token, held) in enumerate(STRANGE)))
    assert said(graph) == {}


def test_a_group_of_something_that_no_rule_knows_is_not_judged() -> None:
    group = resource("aws:ec2/securityGroup:SecurityGroup", "brokers")
    brokers = resource(
        "aws:msk/cluster:Cluster",
        "brokers",
        {"brokerNodeGroupInfo": {"securityGroups": [UNKNOWN]}},
        brokerNodeGroupInfo=group,
    )
    noted = resource("aws:ssm/parameter:Parameter", "note", {"value": UNKNOWN}, value=group)
    assert violations(GROUPS_ADMIT_KNOWN_PEERS, group, brokers) == []
    alone = [("brokers", "nothing attaches it whose connections are known, so nobody can say what it is for")]
    assert violations(GROUPS_ADMIT_KNOWN_PEERS, group) == alone
    assert violations(GROUPS_ADMIT_KNOWN_PEERS, group, noted) == alone


@pytest.mark.parametrize(
    ("subnets", "is_sound"),
    [
        (["subnet-1", "subnet-2"], True),
        (UNKNOWN, True),  # an output of another stack
        (["subnet-1"], False),
        ([UNKNOWN], False),
        ([], False),
        (None, False),
    ],
)
def test_subnets_of_another_stack_may_be_of_two_zones(subnets: Plain, *, is_sound: bool) -> None:
    balancer = resource("aws:lb/loadBalancer:LoadBalancer", "it", {"subnets": subnets})
    assert (violations(TIERS_IN_TWO_ZONES, balancer) == []) is is_sound


OUTSIDE: Final[tuple[tuple[str, dict[str, Plain]], ...]] = (
    ("aws:rds/instance:Instance", {"vpcSecurityGroupIds": ["sg-1"], "dbSubnetGroupName": "theirs"}),
    ("aws:elasticache/replicationGroup:ReplicationGroup", {"securityGroupIds": ["sg-1"], "subnetGroupName": "theirs"}),
    ("aws:lb/listener:Listener", {"loadBalancerArn": "arn:aws:x", "protocol": "HTTPS", "defaultActions": UNKNOWN}),
    ("aws:lb/targetGroup:TargetGroup", {"vpcId": "vpc-1"}),
    ("aws:eks/cluster:Cluster", {"vpcConfig": UNKNOWN}),
    ("aws:ec2/subnet:Subnet", {"vpcId": "vpc-1"}),
    ("aws:ec2/route:Route", {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}),
    (
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"securityGroupId": "sg-1", "cidrIpv4": "10.0.0.0/8"},
    ),
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "theirs", "policyArn": UNKNOWN}),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", {"alarmActions": ["arn:aws:sns:eu-west-1:111111111111:theirs"]}),
    ("aws:sns/topicSubscription:TopicSubscription", {"topic": "arn:aws:sns:eu-west-1:111111111111:theirs"}),
    ("aws:secretsmanager/secretVersion:SecretVersion", {"secretId": "theirs", "secretStringWo": UNKNOWN}),
    ("kubernetes:networking.k8s.io/v1:NetworkPolicy", {"metadata": {"namespace": UNKNOWN}, "spec": UNKNOWN}),
    ("kubernetes:apps/v1:Deployment", {"metadata": {"namespace": "theirs"}, "spec": UNKNOWN}),
)
"""Of each, what it refers to is an id written out, or an output of another stack."""


@pytest.mark.parametrize(("token", "held"), OUTSIDE, ids=[token for token, _ in OUTSIDE])
def test_what_lies_outside_breaks_no_rule_and_is_told_as_such(token: str, held: dict[str, Plain]) -> None:
    graph = Graph.of(resource(token, "it", held))
    found = [finding for rule in RULES for finding in findings(rule, graph)]
    for finding in found:
        words = finding.message if isinstance(finding, Violation) else finding.what
        assert words.isprintable()
        assert "sg-1" not in words
        assert "theirs" not in words
    about_groups = [
        each.message for each in found if isinstance(each, Violation) and "security group" in each.message.lower()
    ]
    assert all("of this stack" in each for each in about_groups)


def test_what_must_be_of_the_stack_says_so() -> None:
    database = resource("aws:rds/instance:Instance", "it", dict(OUTSIDE[0][1]))
    spoken: list[tuple[str, str]] = [each for rule in RULES for each in violations(rule, database)]
    named = ("vpcSecurityGroupIds attaches no security group", "dbSubnetGroupName must name a subnet group")
    for words in named:
        assert any(message.startswith(words) and "of this stack" in message for _, message in spoken)
