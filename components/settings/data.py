"""The sections of the stack file that describe what holds TMI's data: PostgreSQL and Redis."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.choices import Insights
from components.settings.constraints import between
from components.settings.model import Section
from components.settings.vocabulary import (
    AutomatedBackupArn,
    CacheNodeType,
    DailyWindow,
    DatabaseClass,
    DatabaseIdentifier,
    Name,
    PostgresMinor,
    PostgresVersion,
    RedisVersion,
    RestoreTime,
    SnapshotIdentifier,
    ValkeyVersion,
    WeeklyWindow,
    Zone,
)


class NewOrigin(Section):
    """An empty server."""

    kind: Literal["new"]
    """Nothing is restored."""


class SnapshotOrigin(Section):
    """A snapshot in the stack's region."""

    kind: Literal["snapshot"]
    """Restored from a snapshot."""
    snapshot: SnapshotIdentifier
    """The snapshot's name, or the ARN of a recovery point of AWS Backup."""


class PointInTimeOrigin(Section):
    """Another server of this account and region, as it was at a moment inside its backup retention."""

    kind: Literal["point_in_time"]
    """Restored from the backups of a server that still runs."""
    source: DatabaseIdentifier
    """The server's name in RDS."""
    time: RestoreTime
    """When, in UTC, or `latest`."""


class ReplicatedBackupOrigin(Section):
    """Backups that another region replicated into this one."""

    kind: Literal["replicated_backup"]
    """Restored in the recovery region."""
    automated_backup: AutomatedBackupArn
    """The ARN of the replicated backups in this region."""
    time: RestoreTime
    """When, in UTC, or `latest`."""


Origin: TypeAlias = Annotated[
    NewOrigin | SnapshotOrigin | PointInTimeOrigin | ReplicatedBackupOrigin, Field(discriminator="kind")
]
"""What a primary starts from."""


class AutomaticMinor(Section):
    """RDS raises the minor version in the maintenance window."""

    kind: Literal["automatic"]
    """Minor upgrades are RDS's."""
    major: PostgresVersion
    """The major version."""


class PinnedMinor(Section):
    """The version stays until this changes. Automatic upgrades are off: together, each would undo the other."""

    kind: Literal["pinned"]
    """Minor upgrades are yours."""
    version: PostgresMinor
    """Major and minor version."""


EngineVersion: TypeAlias = Annotated[AutomaticMinor | PinnedMinor, Field(discriminator="kind")]
"""The version of PostgreSQL."""


class RedisEngine(Section):
    """Redis OSS."""

    kind: Literal["redis"]
    """Redis."""
    version: RedisVersion
    """Its version."""


class ValkeyEngine(Section):
    """Valkey, the open continuation of Redis."""

    kind: Literal["valkey"]
    """Valkey."""
    version: ValkeyVersion
    """Its version."""


CacheEngine: TypeAlias = Annotated[RedisEngine | ValkeyEngine, Field(discriminator="kind")]
"""The engine of ElastiCache."""


class ReplicaSettings(Section):
    """A read replica: for reporting and promotion. TMI itself cannot read from one."""

    instance_class: DatabaseClass
    """Its class; no smaller than the primary's if it is ever to be promoted."""
    zone: Zone
    """The availability zone it stands in."""
    retiring: bool
    """Whether it may be deleted, as the next step, while its primary stays."""


class DatabaseInstanceSettings(Section):
    """A primary of RDS for PostgreSQL."""

    origin: Origin
    """What it starts from. It is read once, when the instance is made; a later change does nothing."""
    engine_version: EngineVersion
    """Its version, and who raises it."""
    instance_class: DatabaseClass
    """Its class."""
    storage_gib: Annotated[int, between(20, 65_536, "GiB")]
    """The storage it starts with (gp3)."""
    storage_ceiling_gib: Annotated[int, between(22, 65_536, "GiB")]
    """How far the storage may grow by itself."""
    multi_az: bool
    """Whether a synchronous standby waits in another zone."""
    auto_explain: bool
    """Whether the plans of slow statements are logged. They show values of users' data: for a while only."""
    insights: Insights
    """How much Database Insights keeps."""
    backup_retention_days: Annotated[int, between(7, 35, "days")]
    """How far back a point-in-time restore can go."""
    backup_window: DailyWindow
    """When the daily backup starts, in UTC."""
    maintenance_window: WeeklyWindow
    """When AWS may restart it, in UTC."""
    retiring: bool
    """Whether it and its replicas may be deleted, as the next step. In a protected stack its last snapshot stays."""
    replicas: dict[Name, ReplicaSettings]
    """Read replicas by name. Renaming one replaces it."""


class DatabaseSettings(Section):
    """The primaries, and which of them TMI speaks to."""

    active: Name
    """The instance TMI uses. A restore stands beside it under another name before this moves."""
    instances: dict[Name, DatabaseInstanceSettings]
    """Primaries by name. Renaming one replaces it: add a second one instead."""


class CacheSettings(Section):
    """ElastiCache. It holds sign-in state: losing it logs everybody out, and without it TMI answers 503."""

    engine: CacheEngine
    """Redis or Valkey, and its version."""
    node_type: CacheNodeType
    """The type of each node."""
    nodes: Annotated[int, between(1, 6, "nodes")]
    """One, or a primary and its replicas over the zones with automatic failover."""
    snapshot_retention_days: Annotated[int, between(1, 35, "days")]
    """How long a daily snapshot is kept."""
    snapshot_window: DailyWindow
    """When the daily snapshot starts, in UTC."""
    maintenance_window: WeeklyWindow
    """When AWS may restart nodes, in UTC."""
