"""The backups of the small program: a plan with copies, vaults, restore tests, and what RDS tells of databases."""

from __future__ import annotations

import json
from typing import Any, Final

import pulumi
import pulumi_aws as aws

TAG: Final = {"backup": "daily"}


def backups(
    key: aws.kms.Key,
    far_key: aws.kms.ReplicaKey,
    database: aws.rds.Instance,
    group: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
    away: pulumi.ResourceOptions,
) -> None:
    home, far = _vault("home", key.arn, opts), _vault("far", far_key.arn, away)
    aws.rds.InstanceAutomatedBackupsReplication(
        "database", source_db_instance_arn=database.arn, kms_key_id=far_key.arn, retention_period=7, opts=away
    )
    ends = {"delete_after": 35}
    rules: Any = [
        {
            "rule_name": "daily",
            "target_vault_name": home.name,
            "lifecycle": ends,
            "copy_actions": [{"destination_vault_arn": far.arn, "lifecycle": ends}],
        }
    ]
    role = "arn:aws:iam::111111111111:role/backup"
    tagged: Any = {"string_equals": [{"key": f"aws:ResourceTag/{name}", "value": value} for name, value in TAG.items()]}
    aws.backup.Selection(
        "daily",
        plan_id=aws.backup.Plan("daily", rules=rules, opts=opts).id,
        iam_role_arn=role,
        resources=["arn:aws:rds:eu-west-1:111111111111:db:*"],
        conditions=[tagged],
        opts=opts,
    )
    looked_for: Any = {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "include_vaults": [home.arn],
        "recovery_point_types": ["SNAPSHOT"],
    }
    # What is restored may serve for a test of the database's own subnets and group.
    inside = {
        "dbSubnetGroupName": database.db_subnet_group_name,
        "vpcSecurityGroupIds": pulumi.Output.json_dumps([group]),
    }
    test = aws.backup.RestoreTestingPlan(
        "weekly", schedule_expression="cron(0 9 ? * WED *)", recovery_point_selection=looked_for, opts=opts
    )
    aws.backup.RestoreTestingSelection(
        "weekly",
        restore_testing_plan_name=test.name,
        protected_resource_type="RDS",
        protected_resource_arns=["*"],
        protected_resource_conditions=tagged,
        restore_metadata_overrides=inside,
        iam_role_arn=role,
        opts=opts,
    )


def events(opts: pulumi.ResourceOptions, away: pulumi.ResourceOptions) -> None:
    """What RDS tells of them, kept in each region by a bus of the account."""
    pattern = json.dumps({"source": ["aws.rds"], "detail-type": ["RDS DB Instance Event"]})
    for name, options in (("home", opts), ("far", away)):
        rule = aws.cloudwatch.EventRule(f"databases-{name}", event_pattern=pattern, opts=options)
        bus = "arn:aws:events:eu-west-1:111111111111:event-bus/told"
        aws.cloudwatch.EventTarget(f"databases-{name}", rule=rule.name, arn=bus, opts=options)


def _vault(name: str, key_arn: pulumi.Output[str], opts: pulumi.ResourceOptions) -> aws.backup.Vault:
    vault = aws.backup.Vault(name, kms_key_arn=key_arn, opts=opts)
    refused = {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [refused]})
    aws.backup.VaultPolicy(name, backup_vault_name=vault.name, policy=document, opts=opts)
    aws.backup.VaultLockConfiguration(name, backup_vault_name=vault.name, min_retention_days=7, opts=opts)
    return vault
