"""What a primary starts from, in the words of `aws.rds.Instance`.

A restore brings its own master user, database, encryption key and size. What the provider would not send with it is
therefore left out: it keeps such an argument in its plan, finds another value on the server afterwards, and replaces
the server for the difference. Source: terraform-provider-aws 6, `internal/service/rds/instance.go`, whose two restore
calls send neither `kms_key_id` nor `username`, and whose schema marks both, `db_name` and `engine` as ForceNew.
"""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_aws as aws

from components.database_names import DATABASE, MASTER_USER
from components.settings.data import NewOrigin, Origin, PointInTimeOrigin, ReplicatedBackupOrigin, SnapshotOrigin

FIXED: Final = ("snapshot_identifier", "restore_to_point_in_time", "db_name", "username", "kms_key_id", "engine")
"""Read once, when the instance is made. To change any of them later would replace the server, and so lose its data
(terraform-provider-aws, issue 34522, for the origin), so a later change does nothing."""

_LATEST: Final = "latest"


def begin(server: aws.rds.InstanceArgs, origin: Origin, *, storage_gib: int, key_arn: pulumi.Input[str]) -> None:
    """Say where `server` comes from.

    The size of a restored snapshot is the snapshot's: a smaller `storage_gib` would be refused after the restore. That
    of a point in time may be given, since the provider only ever raises it there, at the next `pulumi up`.
    """
    server.engine = "postgres"
    match origin:
        case NewOrigin():
            server.db_name = DATABASE
            server.username = MASTER_USER
            server.kms_key_id = key_arn
            server.allocated_storage = storage_gib
        case SnapshotOrigin(snapshot=snapshot):
            server.snapshot_identifier = snapshot
        case PointInTimeOrigin(source=source, time=time):
            server.restore_to_point_in_time = _at(time, source_db_instance_identifier=source)
            server.allocated_storage = storage_gib
        case ReplicatedBackupOrigin(automated_backup=backup, time=time):
            server.restore_to_point_in_time = _at(time, source_db_instance_automated_backups_arn=backup)
            server.allocated_storage = storage_gib


def _at(
    time: str,
    *,
    source_db_instance_identifier: str | None = None,
    source_db_instance_automated_backups_arn: str | None = None,
) -> aws.rds.InstanceRestoreToPointInTimeArgs:
    """A moment of one source. RDS takes either a time or the wish for the latest, never both."""
    return aws.rds.InstanceRestoreToPointInTimeArgs(
        source_db_instance_identifier=source_db_instance_identifier,
        source_db_instance_automated_backups_arn=source_db_instance_automated_backups_arn,
        restore_time=None if time == _LATEST else time,
        use_latest_restorable_time=True if time == _LATEST else None,
    )
