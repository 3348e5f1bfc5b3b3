"""Rights over rights: no role may raise what it may do, or take away what the others are guarded by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.documents import listed, statements
from policy.facts.identities import DOCUMENTS, ROLE, covers, documents, is_everything
from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import present, read

_RAISING: Final = (
    "ecr:SetRepositoryPolicy",
    "eks:AssociateAccessPolicy",
    "eks:CreateAccessEntry",
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
    "kms:PutKeyPolicy",
    "s3:PutBucketPolicy",
    "secretsmanager:PutResourcePolicy",
)
"""Actions that give rights. Source: Rhino Security Labs, AWS IAM privilege escalation methods; and their like for
keys, buckets, secrets, images and clusters."""
_UNGUARDING: Final = (
    "backup:DeleteBackupVaultAccessPolicy",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteRecoveryPoint",
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
    "ec2:DeleteFlowLogs",
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "logs:DeleteSubscriptionFilter",
    "rds:DeleteDBInstance",
    "rds:DeleteDBInstanceAutomatedBackup",
    "rds:DeleteDBSnapshot",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:DeleteObjectVersion",
    "secretsmanager:DeleteSecret",
)
"""Actions that destroy data, backups of it, or traces."""


def rights_not_raised(resource: Resource) -> Iterator[Violation]:
    """No statement grants an action that gives rights, on every resource and under no condition."""
    yield from _granted_everywhere(resource, _RAISING)


def guards_kept(resource: Resource) -> Iterator[Violation]:
    """No statement grants an action that destroys data, backups or traces, on every resource and in any case."""
    yield from _granted_everywhere(resource, _UNGUARDING)


def _granted_everywhere(resource: Resource, actions: tuple[str, ...]) -> Iterator[Violation]:
    """What cannot be read, and who may do everything, is said by `iam-no-wildcards`."""
    for where, document in documents(resource):
        for number, statement in enumerate(statements(document) or (), start=1):
            if read(statement, "Effect") == "Deny" or present(read(statement, "Condition")):
                continue
            patterns = [each for each in listed(read(statement, "Action")) if isinstance(each, str)]
            found = [name for name in actions if any(covers(each, name) for each in patterns if _is_named(each))]
            if found and any(is_everything(each) for each in listed(read(statement, "Resource"))):
                shown = ", ".join(found)
                yield Violation(resource, f"{where}, statement {number}: it grants {shown} on every resource")


def _is_named(pattern: str) -> bool:
    """Whether a pattern is of one service and not of all its actions."""
    return bool(pattern.partition(":")[2].strip("*"))


RIGHTS_NOT_RAISED: Final = ResourceRule(
    about=Description(
        id="iam-rights-not-raised",
        title="No identity may give rights, to itself or to others, wherever it likes",
        severity=Severity.CRITICAL,
        frameworks=("FSBP IAM.1", "WA SEC03"),
        why="Whoever may write one policy may do everything, however narrow the present one is.",
        remediation="Name the resources, or a condition; leave rights to whoever deploys the stack.",
    ),
    types=DOCUMENTS | {ROLE},
    check=rights_not_raised,
)
GUARDS_KEPT: Final = ResourceRule(
    about=Description(
        id="iam-guards-kept",
        title="No identity may destroy data, backups or traces wherever it likes",
        severity=Severity.HIGH,
        frameworks=("WA SEC03", "WA SEC04", "WA REL09"),
        why="Who breaks in deletes the backups before the ransom note, and the logs after.",
        remediation="Name the resources, or a condition; most workloads delete nothing of these.",
    ),
    types=DOCUMENTS | {ROLE},
    check=guards_kept,
)
