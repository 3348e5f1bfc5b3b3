"""A backup that nobody has restored is a hope: AWS Backup restores one each week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.backup_role import backup_role
from components.service_role import ServiceRole

_RESTORING: Final = "service-role/AWSBackupServiceRolePolicyForRestores"
_SCHEDULE: Final = "cron(0 9 ? * WED *)"
"""In working hours, when somebody reads that it failed."""
_START_WITHIN_HOURS: Final = 4
_LOOKS_BACK_DAYS: Final = 7
_KEPT_HOURS: Final = 4
"""How long the restored server stands before AWS Backup deletes it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreTestArgs:
    """What a :class:`RestoreTest` needs from its caller."""

    stack_name: str
    """Part of the plan's name."""
    tags: Mapping[str, str]
    """What marks the resources whose backups are restored; all of them at once."""
    vault_arn: pulumi.Input[str]
    """Where the backups are."""
    key_arn: pulumi.Input[str]
    """The key they are encrypted with."""
    subnet_group: pulumi.Input[str]
    """The subnet group of RDS the restored server stands in."""
    security_group_id: pulumi.Input[str]
    """The restored server's security group."""


class RestoreTest(pulumi.ComponentResource):
    """A restore of the latest backup each week, by a role that can restore and not back up.

    It shows that the backup becomes a server that runs, and how long that takes; not what is in it, which the rehearsal
    in `docs/runbooks/restore-from-snapshot.md` looks at. The server has no second zone, no public address and no
    deletion protection: AWS Backup says so itself. Its subnets have to be named, or it would look for the account's
    default VPC. Source: AWS Backup Developer Guide, restore testing inferred metadata.
    """

    TYPE: Final = "tmi:data:RestoreTest"

    def __init__(self, name: str, args: RestoreTestArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = ServiceRole(f"{name}-restoring", backup_role(_RESTORING, [args.key_arn]), child)
        # Named here, since AWS takes no hyphens in these names and Pulumi's have some.
        physical = f"{args.stack_name}-weekly".replace("-", "_")
        plan = aws.backup.RestoreTestingPlan(
            f"{name}-plan",
            name=physical,
            schedule_expression=_SCHEDULE,
            start_window_hours=_START_WITHIN_HOURS,
            recovery_point_selection=aws.backup.RestoreTestingPlanRecoveryPointSelectionArgs(
                algorithm="LATEST_WITHIN_WINDOW",
                include_vaults=[args.vault_arn],
                recovery_point_types=["SNAPSHOT"],
                selection_window_days=_LOOKS_BACK_DAYS,
            ),
            opts=child,
        )
        aws.backup.RestoreTestingSelection(
            f"{name}-selection",
            name=f"{physical}_rds",
            restore_testing_plan_name=plan.name,
            protected_resource_type="RDS",
            protected_resource_arns=["*"],
            protected_resource_conditions=aws.backup.RestoreTestingSelectionProtectedResourceConditionsArgs(
                string_equals=[
                    aws.backup.RestoreTestingSelectionProtectedResourceConditionsStringEqualArgs(
                        key=f"aws:ResourceTag/{key}", value=value
                    )
                    for key, value in args.tags.items()
                ]
            ),
            restore_metadata_overrides={
                "dbSubnetGroupName": args.subnet_group,
                "vpcSecurityGroupIds": pulumi.Output.json_dumps([args.security_group_id]),
            },
            validation_window_hours=_KEPT_HOURS,
            iam_role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
        self.register_outputs({})
