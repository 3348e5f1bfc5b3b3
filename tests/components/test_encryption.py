"""Five keys, and who may use each."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pulumi_aws as aws
import pytest

from components.encryption import LOG_GROUPS, Encryption, EncryptionArgs, KeyClass, key_policy
from tests.cloud import Cloud, run
from tests.iam import findings
from tests.stack_files import STACKS, document
from tests.stacks.program import recorded

ARGS = EncryptionArgs(
    stack_name="tmi",
    account="111111111111",
    region="eu-west-1",
    database_identifiers=("tmi-main", "tmi-main-reader"),
    deletion_protection=True,
)
ACCOUNT = {"AWS": "arn:aws:iam::111111111111:root"}
UNNAMED = {"Events": {"Service": "events.amazonaws.com"}, "CostAnomalies": {"Service": "costalerts.amazonaws.com"}}


def key(name: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"arn": f"arn:aws:kms:eu-west-1:111111111111:key/{name}", "keyId": f"{name}-key-id"}


def encryption(*, deletion_protection: bool = True) -> Cloud:
    args = dataclasses.replace(ARGS, deletion_protection=deletion_protection)
    return run(lambda: Encryption("encryption", args), computed={"aws:kms/key:Key": key})


def statements(key_class: KeyClass) -> dict[str, dict[str, Any]]:
    return {statement["Sid"]: statement for statement in key_policy(key_class, ARGS)["Statement"]}


def test_every_class_has_a_key_that_rotates_and_can_be_brought_back() -> None:
    keys = encryption().of(aws.kms.Key)
    assert {made.name for made in keys} == {f"encryption-{key_class}" for key_class in KeyClass}
    for made in keys:
        assert (made.inputs["enableKeyRotation"], made.inputs["deletionWindowInDays"]) == (True, 30)


def test_keys_are_protected_where_the_stack_asks_for_it() -> None:
    assert {key.protect for key in encryption().of(aws.kms.Key)} == {True}
    assert {key.protect for key in encryption(deletion_protection=False).of(aws.kms.Key)} == {False}


def test_every_key_has_an_alias_below_the_stack() -> None:
    aliases = encryption().of(aws.kms.Alias)
    assert {alias.inputs["name"]: alias.inputs["targetKeyId"] for alias in aliases} == {
        f"alias/tmi/{key_class}": f"encryption-{key_class}-key-id" for key_class in KeyClass
    }


def test_every_key_is_handed_on() -> None:
    assert encryption().registered["encryption"].keys() == {f"{key_class}_key_arn" for key_class in KeyClass}


@pytest.mark.parametrize("key_class", list(KeyClass))
def test_actions_are_spelled_out(key_class: KeyClass) -> None:
    for statement in statements(key_class).values():
        assert not [action for action in statement["Action"] if "*" in action]


@pytest.mark.parametrize("key_class", list(KeyClass))
def test_no_principal_is_outside_the_account(key_class: KeyClass) -> None:
    for name, statement in statements(key_class).items():
        # Some name no source to the key of an encrypted topic; who may publish there, the topic's policy says.
        known = UNNAMED.get(name, ACCOUNT)
        assert statement["Principal"] == known or "Condition" in statement


@pytest.mark.parametrize("key_class", list(KeyClass))
def test_an_administrator_cannot_read(key_class: KeyClass) -> None:
    administration = statements(key_class)["AdministrationByIam"]["Action"]
    assert not {"kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:ReEncryptFrom"} & set(administration)
    assert "kms:PutKeyPolicy" in administration  # or AWS refuses the policy, which nobody could ever change


@pytest.mark.parametrize(
    ("key_class", "services"),
    [
        (KeyClass.DATA, ["backup", "dax", "ecr", "elasticache", "rds", "s3"]),
        (KeyClass.SECRETS, ["secretsmanager"]),
        (KeyClass.LOGS, ["logs", "s3"]),
        (KeyClass.NOTIFICATIONS, ["sns"]),
    ],
)
def test_identities_use_a_key_by_its_services_alone(key_class: KeyClass, services: list[str]) -> None:
    via = [f"{service}.eu-west-1.amazonaws.com" for service in services]
    assert statements(key_class)["UseByIam"]["Condition"] == {"StringEquals": {"kms:ViaService": via}}
    assert statements(key_class)["GrantsByIam"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_the_cluster_may_use_its_key_itself() -> None:
    assert "Condition" not in statements(KeyClass.CLUSTER)["UseByIam"]
    assert "Condition" not in statements(KeyClass.CLUSTER)["GrantsByIam"]


def test_services_act_by_themselves_on_two_keys_alone() -> None:
    services = {
        key_class: [s["Principal"]["Service"] for s in statements(key_class).values() if "Service" in s["Principal"]]
        for key_class in KeyClass
    }
    assert services == {
        KeyClass.DATA: [],
        KeyClass.SECRETS: [],
        KeyClass.LOGS: ["logs.eu-west-1.amazonaws.com"] * 4,
        KeyClass.CLUSTER: [],
        KeyClass.NOTIFICATIONS: [
            "cloudwatch.amazonaws.com",
            "events.amazonaws.com",
            "budgets.amazonaws.com",
            "costalerts.amazonaws.com",
        ],
    }


def test_alarms_and_budgets_of_this_account_alone_are_encrypted() -> None:
    alarms, budgets = (statements(KeyClass.NOTIFICATIONS)[name] for name in ("Alarms", "Budgets"))
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": "111111111111"}
    assert budgets["Condition"] == {
        **alarms["Condition"],
        "ArnLike": {"aws:SourceArn": "arn:aws:budgets::111111111111:*"},
    }
    assert alarms["Action"] == budgets["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]


def admits(policy: Mapping[str, Any], arn: str) -> bool:
    """Whether the service of logs may use a key for the group of that ARN."""
    (logs,) = (statement for statement in policy["Statement"] if statement["Sid"] == "CloudWatchLogs")
    ((operator, condition),) = logs["Condition"].items()
    ((context, patterns),) = condition.items()
    assert (operator, context) == ("StringLike", "kms:EncryptionContext:aws:logs:arn")
    return any(fnmatchcase(arn, pattern) for pattern in patterns)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("/aws/containerinsights/tmi/application", True),
        ("/aws/eks/tmi/cluster", True),
        ("/aws/rds/instance/tmi-main/postgresql", True),
        ("/aws/rds/instance/tmi-main-reader/postgresql", True),
        ("/aws/route53resolver/tmi", True),
        ("/aws/vendedlogs/elasticache/tmi/slow-log", True),
        ("/aws/vpc/flow-logs/tmi", True),
        ("/aws/kinesisfirehose/tmi", True),
        ("/aws/kinesisfirehose/tmi-prod", False),
        ("aws-waf-logs-tmi", True),
        # Another stack of the account, whose name begins or ends like this one's.
        ("/aws/containerinsights/tmi-prod/application", False),
        ("/aws/eks/tmi-prod/cluster", False),
        ("/aws/eks/our-tmi/cluster", False),
        ("/aws/rds/instance/tmi-prod-main/postgresql", False),
        ("/aws/rds/instance/tmi-main2/postgresql", False),
        ("/aws/rds/instance/tmi-main-other/postgresql", False),
        ("/aws/route53resolver/tmi2", False),
        ("/aws/vendedlogs/elasticache/tmi2/slow-log", False),
        ("/aws/vpc/flow-logs/tmi-prod", False),
        ("aws-waf-logs-tmi-prod", False),
        ("x/tmi-prod2", False),
        ("tmi-prod-other-stack", False),
        # Somebody else's group that carries the name.
        ("tmi", False),
        ("anything/tmi", False),
        ("anything/tmi/more", False),
        ("/aws/lambda/tmi", False),
    ],
)
def test_log_groups_of_this_stack_alone_are_encrypted(group: str, expected: bool) -> None:  # noqa: FBT001 -- a column
    arn = f"arn:aws:logs:eu-west-1:111111111111:log-group:{group}"
    assert admits(key_policy(KeyClass.LOGS, ARGS), arn) is expected


@pytest.mark.parametrize("elsewhere", ["eu-west-2:111111111111", "eu-west-1:222222222222"])
def test_log_groups_of_other_accounts_and_regions_are_not_encrypted(elsewhere: str) -> None:
    assert not admits(key_policy(KeyClass.LOGS, ARGS), f"arn:aws:logs:{elsewhere}:log-group:/aws/eks/tmi/cluster")


@pytest.mark.parametrize("stack", STACKS)
def test_every_log_group_of_a_stack_may_use_its_key(stack: str) -> None:
    cloud = recorded(stack)
    policy = json.loads(cloud.one(aws.kms.Key, "encryption-logs").inputs["policy"])
    for group in cloud.of(aws.cloudwatch.LogGroup):
        account, region = (document(stack)[field] for field in ("account", "region"))
        assert admits(policy, f"arn:aws:logs:{region}:{account}:log-group:{group.inputs['name']}"), group.name


def test_no_line_of_the_key_is_for_nothing() -> None:
    names = [group.inputs["name"] for group in recorded("prod").of(aws.cloudwatch.LogGroup)]
    for pattern in LOG_GROUPS:
        wanted = pattern.format(stack=document("prod")["name"])
        assert any(fnmatchcase(name, wanted) for name in names), wanted


def test_a_linter_finds_nothing_but_the_star_in_the_policies() -> None:
    # In a key's policy the star is the key.
    for key in encryption().of(aws.kms.Key):
        assert json.loads(key.inputs["policy"])["Statement"]
        found = findings(key.inputs["policy"])
        assert [finding for finding in found if not finding.startswith("RESOURCE_STAR - ")] == []


def test_detectors_of_anomalies_use_the_key_of_logs_for_this_account_alone() -> None:
    found = [statements(KeyClass.LOGS)[sid]["Condition"]["StringLike"] for sid in ("LogAnomalies", "AnomalyResults")]
    detectors = "arn:aws:logs:eu-west-1:111111111111:anomaly-detector:*"
    assert found == [
        {"kms:EncryptionContext:aws:logs:arn": detectors},
        {"kms:EncryptionContext:aws-crypto-ec:aws:logs:arn": detectors},
    ]
    look = statements(KeyClass.LOGS)["LogAnomaliesLook"]
    assert (look["Action"], look["Condition"]) == (
        "kms:DescribeKey",
        {"StringEquals": {"aws:SourceAccount": "111111111111"}},
    )
