"""The roles that AWS Backup takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi

from components.service_role import ServiceRoleArgs

_TRUST: Final = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
"""Without a condition on the account: none is documented for AWS Backup, and a role cannot be passed to another's."""
_KEY_ACTIONS: Final = (
    "kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom", "kms:ReEncryptTo",
)  # fmt: skip


def backup_role(managed_policy: str, key_arns: Sequence[pulumi.Input[str]]) -> ServiceRoleArgs:
    """A role with one of AWS's own policies for AWS Backup, and the use of these keys.

    AWS keeps its policies in step with what the service calls; a list of ours that lacked one action would be a backup
    that fails at night. They name no keys, and without the right to its key a job succeeds and saves nothing. The
    policies of the keys narrow it: to some services, and for grants to AWS resources.
    Source: AWS Backup Developer Guide, encryption for backups.
    """
    keys = {"Effect": "Allow", "Action": list(_KEY_ACTIONS), "Resource": list(key_arns)}
    return ServiceRoleArgs(trust=_TRUST, managed_policies=(managed_policy,), statements=[keys])
