"""AWS Backup: what is kept beside the stores' own backups, and copied away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.backup_role import backup_role
from components.backup_vault import BackupVault, BackupVaultArgs
from components.monitoring.database_events import RUNBOOK
from components.restore_test import RestoreTest, RestoreTestArgs
from components.service_role import ServiceRole
from components.settings.safekeeping import BackupSettings

BACKUP_TAGS: Final[Mapping[str, str]] = {"tmi:backup": "daily"}
"""What marks a resource that the plan covers. Primaries alone: their replicas hold the same data."""

_MAKING: Final = "service-role/AWSBackupServiceRolePolicyForBackup"

_START_WITHIN_MINUTES: Final = 120
_COMPLETE_WITHIN_MINUTES: Final = 720
_FAILED_STATES: Final = ("ABORTED", "EXPIRED", "FAILED", "PARTIAL")
_MESSAGE: Final = (
    f'{{"message": "[ticket] A job of AWS Backup failed. Runbook: docs/runbooks/{RUNBOOK}.md", '
    '"kind": <kind>, "detail": <detail>}'
)
"""Whole, since the three kinds of jobs do not name their fields alike."""
_JOB_EVENTS: Final = ("Backup Job State Change", "Copy Job State Change", "Restore Job State Change")


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoveryVault:
    """The vault in the recovery region."""

    arn: pulumi.Input[str]
    """Where copies go."""
    key_arn: pulumi.Input[str]
    """The key there that encrypts them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupArgs:
    """What a :class:`Backup` needs from its caller."""

    stack_name: str
    """The stack, by whose tag its resources are told from others' in the account."""
    account: str
    """The stack's account."""
    region: str
    """The stack's region."""
    settings: BackupSettings
    """When, how long, and how well locked."""
    key_arn: pulumi.Input[str]
    """The key of data; its policy has to let AWS Backup and RDS use it."""
    recovery: RecoveryVault | None
    """Where every backup is copied to, if there is a second region."""
    topic_arn: pulumi.Input[str]
    """Who hears of a job that failed; EventBridge has to be allowed to publish there, and to use the topic's key."""
    test_subnet_group: pulumi.Input[str]
    """The subnet group of RDS in which a backup is restored as a test."""
    test_security_group_id: pulumi.Input[str]
    """The security group of the server that is restored as a test."""
    deletion_protection: bool
    """Whether the vault refuses to be deleted."""


class Backup(pulumi.ComponentResource):
    """A plan with a daily and a monthly rule, over whatever of this stack carries the tag.

    PostgreSQL alone: AWS Backup does not know ElastiCache, whose own snapshots have to do. Without its continuous
    backups, which would take over RDS's own retention and window from the stack file; a restore to a point in time goes
    by RDS. Without cold storage, which RDS does not have.
    """

    TYPE: Final = "tmi:data:Backup"

    vault_arn: pulumi.Output[str]
    vault_name: pulumi.Output[str]

    def __init__(self, name: str, args: BackupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        vault = BackupVault(
            f"{name}-home",
            BackupVaultArgs(
                account=args.account,
                key_arn=args.key_arn,
                settings=args.settings,
                deletion_protection=args.deletion_protection,
            ),
            child,
        )
        keys = [args.key_arn, *([args.recovery.key_arn] if args.recovery else [])]
        making = ServiceRole(f"{name}-making", backup_role(_MAKING, keys), child)
        plan = aws.backup.Plan(f"{name}-plan", rules=rules(args, vault.vault_name), opts=child)
        aws.backup.Selection(
            f"{name}-selection",
            plan_id=plan.id,
            iam_role_arn=making.arn,
            # The type by name: by tags alone, AWS Backup would skip RDS where the account has not opted in to it.
            resources=[f"arn:aws:rds:{args.region}:{args.account}:db:*"],
            conditions=[
                aws.backup.SelectionConditionArgs(
                    string_equals=[
                        aws.backup.SelectionConditionStringEqualArgs(key=f"aws:ResourceTag/{key}", value=value)
                        for key, value in tags(args).items()
                    ]
                )
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[making]),
        )
        RestoreTest(
            f"{name}-test",
            RestoreTestArgs(
                stack_name=args.stack_name,
                tags=tags(args),
                vault_arn=vault.vault_arn,
                key_arn=args.key_arn,
                subnet_group=args.test_subnet_group,
                security_group_id=args.test_security_group_id,
            ),
            child,
        )
        self._notifications(name, args.topic_arn)

        self.vault_arn = vault.vault_arn
        self.vault_name = vault.vault_name
        self.register_outputs({"vault_arn": self.vault_arn, "vault_name": self.vault_name})

    def _notifications(self, name: str, topic_arn: pulumi.Input[str]) -> None:
        """By EventBridge: a vault's own notifications say nothing of a failure but that a job has ended, as each does.

        Without a role, which would break the delivery to an encrypted topic. Every job of the account in this region is
        heard of, since the events of a restore name no vault. Source: AWS Backup Developer Guide, notification options;
        Amazon EventBridge User Guide, resource-based policies.
        """
        rule = aws.cloudwatch.EventRule(
            f"{name}-failures",
            description="A backup, copy or restore of AWS Backup failed or never started",
            event_pattern=pulumi.Output.json_dumps(failures()),
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.cloudwatch.EventTarget(
            f"{name}-failures-topic",
            rule=rule.name,
            arn=topic_arn,
            input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths={"kind": "$.detail-type", "detail": "$.detail"}, input_template=_MESSAGE
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )


def tags(args: BackupArgs) -> dict[str, str]:
    """The tags of what the plan covers: this stack's, by the provider's default tag, and marked by its component."""
    return {**BACKUP_TAGS, "tmi:stack": args.stack_name}


def failures() -> dict[str, Any]:
    """The events of a job that came to nothing; those of restores say `status` where the others say `state`."""
    states = list(_FAILED_STATES)
    return {
        "source": ["aws.backup"],
        "detail-type": list(_JOB_EVENTS),
        "detail": {"$or": [{"state": states}, {"status": states}]},
    }


def rules(args: BackupArgs, vault_name: pulumi.Input[str]) -> list[aws.backup.PlanRuleArgs]:
    """Every day, and on the first of a month to keep for longer.

    On that day AWS Backup makes one backup and keeps it for the longer time, since the rules start together.
    """
    hour, minute = map(int, args.settings.time.split(":"))
    retentions = {
        "daily": (f"cron({minute} {hour} ? * * *)", args.settings.daily_retention_days),
        "monthly": (f"cron({minute} {hour} 1 * ? *)", args.settings.monthly_retention_days),
    }
    return [
        aws.backup.PlanRuleArgs(
            rule_name=name,
            target_vault_name=vault_name,
            schedule=schedule,
            schedule_expression_timezone="Etc/UTC",
            start_window=_START_WITHIN_MINUTES,
            completion_window=_COMPLETE_WITHIN_MINUTES,
            lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=days),
            copy_actions=[
                aws.backup.PlanRuleCopyActionArgs(
                    destination_vault_arn=recovery.arn,
                    lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(delete_after=days),
                )
                for recovery in ([args.recovery] if args.recovery else [])
            ],
        )
        for name, (schedule, days) in retentions.items()
    ]
