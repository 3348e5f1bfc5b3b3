"""Where AWS Backup keeps what it made: at home, and once more in the recovery region."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.perimeter import outside
from components.settings.safekeeping import BackupSettings, ComplianceLock, NoLock


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupVaultArgs:
    """What a :class:`BackupVault` needs from its caller."""

    account: str
    """The account whose backups it takes."""
    key_arn: pulumi.Input[str]
    """The key of data in the vault's region. Copies from another region are encrypted with it."""
    settings: BackupSettings
    """The lock, and the retentions it enforces."""
    deletion_protection: bool
    """Whether Pulumi refuses to delete the vault, and AWS to empty it."""


def vault_policy(account: str) -> str:
    """Nobody deletes a backup before its time, nor shortens it; no other account copies anything in.

    A role that may change this policy can lift it. It stops a slip, and whoever has rights that are too wide; the lock
    stops administrators. AWS Backup itself still deletes what is due, and refuses every other action of other accounts
    whatever stands here. Source: AWS Backup Developer Guide, vault access policies; AWS Config,
    backup-recovery-point-manual-deletion-disabled, which asks for both wildcards.
    """
    refused = {"Effect": "Deny", "Principal": "*", "Resource": "*"}
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "RefuseEarlyDeletion",
                    **refused,
                    "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
                },
                {
                    "Sid": "RefuseOtherAccounts",
                    **refused,
                    "Action": "backup:CopyIntoBackupVault",
                    "Condition": outside(account),
                },
            ],
        }
    )


class BackupVault(pulumi.ComponentResource):
    """A vault, its policy and its lock.

    A lock of kind `compliance` is for ever: when its days of grace are over nobody can shorten a retention, remove the
    lock or delete the vault before its last backup is due, not even AWS, and a stack file that asks for it fails.
    """

    TYPE: Final = "tmi:data:BackupVault"

    vault_arn: pulumi.Output[str]
    vault_name: pulumi.Output[str]

    def __init__(self, name: str, args: BackupVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        settings = args.settings
        vault = aws.backup.Vault(
            f"{name}-vault",
            kms_key_arn=args.key_arn,
            force_destroy=not args.deletion_protection,
            # Protected: it holds the data.
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        aws.backup.VaultPolicy(
            f"{name}-policy",
            backup_vault_name=vault.name,
            policy=vault_policy(args.account),
            opts=pulumi.ResourceOptions(parent=self),
        )
        if not isinstance(settings.vault_lock, NoLock):
            lock = settings.vault_lock
            aws.backup.VaultLockConfiguration(
                f"{name}-lock",
                backup_vault_name=vault.name,
                # A job that asks for a retention outside of these fails.
                min_retention_days=settings.daily_retention_days,
                max_retention_days=settings.monthly_retention_days,
                # With it the lock is one of compliance, without it one of governance.
                changeable_for_days=lock.grace_days if isinstance(lock, ComplianceLock) else None,
                # A vault has one lock: were the new one made first, deleting the old one would remove it.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )

        self.vault_arn = vault.arn
        self.vault_name = vault.name
        self.register_outputs({"vault_arn": self.vault_arn, "vault_name": self.vault_name})
