"""What outlives a mistake: backups of the databases, copies of them, and dumps."""

from __future__ import annotations

import pulumi

from components.address_plan import NetworkTier
from components.backup import Backup, BackupArgs, RecoveryVault
from components.backup_vault import BackupVault, BackupVaultArgs
from components.dump_bucket import DumpBucket, DumpBucketArgs
from components.firewall import Peer
from components.monitoring.rows import Severity
from components.platform.compute import Compute
from components.platform.data import Data
from components.platform.foundation import Foundation
from components.platform.service import Service
from components.server.database_dump import DatabaseDump, DatabaseDumpArgs
from components.settings import Settings


def safekeeping(
    settings: Settings, base: Foundation, stores: Data, machines: Compute, top: Service, opts: pulumi.ResourceOptions
) -> None:
    """After all that is kept, and after the namespace of TMI, in which dumps are made."""
    Backup(
        "backup",
        BackupArgs(
            stack_name=settings.name,
            account=settings.account,
            region=settings.region,
            settings=settings.backup,
            key_arn=base.encryption.data_key_arn,
            recovery=_recovery_vault(settings, base),
            topic_arn=top.notification.topic_arns[Severity.TICKET],
            test_subnet_group=stores.active.subnet_group_name,
            test_security_group_id=base.firewall.group_ids[Peer.DATABASE],
            deletion_protection=settings.deletion_protection,
        ),
        opts,
    )
    bucket = DumpBucket(
        "database-dumps",
        DumpBucketArgs(
            key_arn=base.encryption.data_key_arn,
            retention_days=settings.backup.dumps.retention_days,
            deletion_protection=settings.deletion_protection,
        ),
        opts,
    )
    DatabaseDump(
        "database-dump",
        DatabaseDumpArgs(
            place=top.place,
            images=settings.server.images,
            cluster_dns=str(base.network.plan.cluster_dns),
            data_cidrs=tuple(map(str, base.network.plan.tiers[NetworkTier.DATA].values())),
            database_address=stores.active.address,
            owner=stores.secrets.database_owner,
            settings=settings.backup.dumps,
            bucket=bucket.bucket,
            data_key_arn=base.encryption.data_key_arn,
        ),
        pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(providers=[machines.provider], depends_on=[top.server])
        ),
    )


def _recovery_vault(settings: Settings, base: Foundation) -> RecoveryVault | None:
    """The vault of the recovery region, as well locked as the one here."""
    there = base.recovery
    if there is None:
        return None
    vault = BackupVault(
        "recovery-vault",
        BackupVaultArgs(
            account=settings.account,
            key_arn=there.keys.data_key_arn,
            settings=settings.backup,
            deletion_protection=settings.deletion_protection,
        ),
        there.opts,
    )
    return RecoveryVault(arn=vault.vault_arn, key_arn=there.keys.data_key_arn)
