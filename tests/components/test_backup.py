"""Backups are made, copied away, locked, tried out, and missed when they fail."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pytest

from components.backup import Backup, BackupArgs, RecoveryVault
from components.backup_vault import vault_policy
from components.settings import parse
from components.settings.safekeeping import BackupSettings
from tests.cloud import Cloud, Outputs, run
from tests.iam import findings
from tests.stack_files import changed, document

KEY = "arn:aws:kms:eu-west-1:111111111111:key/data"
THERE = RecoveryVault(
    arn="arn:aws:backup:eu-central-1:111111111111:backup-vault:there",
    key_arn="arn:aws:kms:eu-central-1:111111111111:key/data",
)
TAGS = [
    {"key": "aws:ResourceTag/tmi:backup", "value": "daily"},
    {"key": "aws:ResourceTag/tmi:stack", "value": "tmi-prod"},
]


def backup(
    settings: BackupSettings | None = None,
    *,
    recovery: RecoveryVault | None = THERE,
    deletion_protection: bool = True,
) -> Cloud:
    args = BackupArgs(
        stack_name="tmi-prod",
        account="111111111111",
        region="eu-west-1",
        settings=settings or parse(document("prod")).backup,
        key_arn=KEY,
        recovery=recovery,
        topic_arn="arn:aws:sns:eu-west-1:111111111111:alarms",
        test_subnet_group="data-subnets",
        test_security_group_id="sg-database",
        deletion_protection=deletion_protection,
    )
    # The recorder gives everything an ARN; that of a target is the topic's.
    computed: Outputs = {"aws:cloudwatch/eventTarget:EventTarget": lambda _name, _inputs: {}}
    return run(lambda: Backup("backup", args), computed=computed)


def locked(**lock: object) -> BackupSettings:
    return parse(changed("prod", backup__vault_lock=lock)).backup


def plan(cloud: Cloud) -> dict[str, dict[str, Any]]:
    return {rule["ruleName"]: rule for rule in cloud.one(aws.backup.Plan).inputs["rules"]}


def test_a_backup_a_day_and_one_a_month_are_kept_as_long_as_the_file_says() -> None:
    rules = plan(backup(parse(changed("prod", backup__time="05:30")).backup))
    assert {name: (rule["schedule"], rule["lifecycle"]) for name, rule in rules.items()} == {
        "daily": ("cron(30 5 ? * * *)", {"deleteAfter": 35}),
        "monthly": ("cron(30 5 1 * ? *)", {"deleteAfter": 365}),
    }
    assert {rule["scheduleExpressionTimezone"] for rule in rules.values()} == {"Etc/UTC"}
    assert all(rule["completionWindow"] >= rule["startWindow"] + 60 for rule in rules.values())


def test_rds_keeps_its_own_retention_and_point_in_time() -> None:
    assert not any(rule.get("enableContinuousBackup") for rule in plan(backup()).values())


def test_each_backup_is_copied_to_the_recovery_region_and_kept_as_long_there() -> None:
    for rule in plan(backup()).values():
        assert rule["copyActions"] == [{"destinationVaultArn": THERE.arn, "lifecycle": rule["lifecycle"]}]


def test_without_a_recovery_region_nothing_is_copied() -> None:
    assert not any(rule.get("copyActions") for rule in plan(backup(recovery=None)).values())


def test_it_covers_what_carries_the_tags_of_this_stack_whatever_the_account_opted_in_to() -> None:
    selection = backup().one(aws.backup.Selection)
    assert selection.inputs["resources"] == ["arn:aws:rds:eu-west-1:111111111111:db:*"]
    assert selection.inputs["conditions"] == [{"stringEquals": TAGS}]
    assert "selectionTags" not in selection.inputs  # any one of them would be enough


def test_the_vault_has_the_key_of_data_and_is_protected_where_data_is() -> None:
    vault = backup().one(aws.backup.Vault)
    assert (vault.inputs["kmsKeyArn"], vault.protect, vault.inputs["forceDestroy"]) == (KEY, True, False)
    vault = backup(deletion_protection=False).one(aws.backup.Vault)
    assert (vault.protect, vault.inputs["forceDestroy"]) == (False, True)


def test_a_lock_of_governance_can_be_removed_and_enforces_the_retentions() -> None:
    lock = backup(locked(kind="governance")).one(aws.backup.VaultLockConfiguration).inputs
    assert (lock["minRetentionDays"], lock["maxRetentionDays"]) == (35, 365)
    assert "changeableForDays" not in lock


def test_a_lock_of_compliance_is_for_ever_after_its_days_of_grace() -> None:
    lock = backup(locked(kind="compliance", grace_days=30)).one(aws.backup.VaultLockConfiguration).inputs
    assert (lock["minRetentionDays"], lock["maxRetentionDays"], lock["changeableForDays"]) == (35, 365, 30)


def test_no_lock_is_no_lock() -> None:
    cloud = backup(locked(kind="none"))
    assert cloud.of(aws.backup.Vault)
    assert not [
        each for each in cloud.resources if each.type == "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
    ]


def test_a_lock_that_is_replaced_is_not_removed_after_it_was_made() -> None:
    assert backup().one(aws.backup.VaultLockConfiguration).request.deleteBeforeReplace


def test_nobody_deletes_a_backup_early_and_no_other_account_copies_in() -> None:
    document = vault_policy("111111111111")
    assert [each for each in findings(document) if "RESOURCE_STAR" not in each] == []
    early, outside = json.loads(document)["Statement"]
    assert {early["Effect"], outside["Effect"]} == {"Deny"}
    assert "Condition" not in early
    assert set(early["Action"]) == {"backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"}
    assert outside["Condition"] == {
        "StringNotEqualsIfExists": {"aws:PrincipalAccount": "111111111111"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    assert backup().one(aws.backup.VaultPolicy).inputs["policy"] == document


def test_who_backs_up_does_not_restore_and_who_restores_does_not_back_up() -> None:
    cloud = backup()
    attached = {each.parent: each.inputs["policyArn"] for each in cloud.of(aws.iam.RolePolicyAttachment)}
    prefix = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor"
    assert attached == {
        "backup-making": f"{prefix}Backup",
        "backup-test-restoring": f"{prefix}Restores",
    }
    for role in cloud.of(aws.iam.Role):
        (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        assert trust["Principal"] == {"Service": "backup.amazonaws.com"}


@pytest.mark.parametrize(("role", "keys"), [("making", [KEY, THERE.key_arn]), ("test-restoring", [KEY])])
def test_a_role_uses_the_keys_it_needs(role: str, keys: list[str]) -> None:
    policy = backup().one(aws.iam.RolePolicy, f"backup-{role}-policy").inputs["policy"]
    assert findings(policy) == []
    (statement,) = json.loads(policy)["Statement"]
    assert statement["Resource"] == keys
    assert {action.partition(":")[0] for action in statement["Action"]} == {"kms"}


def test_a_backup_of_this_stack_is_restored_every_week_inside_the_data_tier() -> None:
    cloud = backup()
    test = cloud.one(aws.backup.RestoreTestingPlan).inputs
    assert test["scheduleExpression"] == "cron(0 9 ? * WED *)"
    assert test["recoveryPointSelection"]["algorithm"] == "LATEST_WITHIN_WINDOW"
    assert test["recoveryPointSelection"]["includeVaults"] == [cloud.one(aws.backup.Vault).inputs["arn"]]
    selection = cloud.one(aws.backup.RestoreTestingSelection).inputs
    assert (selection["protectedResourceType"], selection["protectedResourceArns"]) == ("RDS", ["*"])
    assert selection["protectedResourceConditions"] == {"stringEquals": TAGS}
    assert selection["restoreMetadataOverrides"] == {
        "dbSubnetGroupName": "data-subnets",
        "vpcSecurityGroupIds": '["sg-database"]',
    }


def test_the_names_of_the_test_have_no_hyphen_which_aws_refuses() -> None:
    cloud = backup()
    assert cloud.one(aws.backup.RestoreTestingPlan).inputs["name"] == "tmi_prod_weekly"
    assert cloud.one(aws.backup.RestoreTestingSelection).inputs["name"] == "tmi_prod_weekly_rds"


def test_a_job_that_fails_or_never_starts_is_heard_of() -> None:
    cloud = backup()
    pattern = json.loads(cloud.one(aws.cloudwatch.EventRule).inputs["eventPattern"])
    assert pattern["source"] == ["aws.backup"]
    assert set(pattern["detail-type"]) == {f"{job} Job State Change" for job in ("Backup", "Copy", "Restore")}
    bad = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]
    assert pattern["detail"] == {"$or": [{"state": bad}, {"status": bad}]}
    target = cloud.one(aws.cloudwatch.EventTarget).inputs
    assert target["arn"] == "arn:aws:sns:eu-west-1:111111111111:alarms"
    assert "roleArn" not in target
    transformer = target["inputTransformer"]
    assert transformer["inputPaths"] == {"kind": "$.detail-type", "detail": "$.detail"}
    sent = transformer["inputTemplate"].replace("<kind>", '"Copy Job State Change"').replace("<detail>", '{"a": 1}')
    assert json.loads(sent) == {
        "message": "[ticket] A job of AWS Backup failed. Runbook: docs/runbooks/database-events.md",
        "kind": "Copy Job State Change",
        "detail": {"a": 1},
    }
