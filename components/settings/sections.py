"""The sections of the stack file that describe AWS behind the edge: secrets, data, cluster and monitoring."""

from __future__ import annotations

from typing import Annotated

from components.settings.constraints import between, listing
from components.settings.model import Section
from components.settings.vocabulary import (
    Architecture,
    CacheNodeType,
    ClientCidr,
    DailyWindow,
    DatabaseClass,
    Email,
    Insights,
    KubernetesVersion,
    Name,
    PostgresVersion,
    RedisVersion,
    RetentionDays,
    RoleArn,
    RotationLabel,
    SupportType,
    WeeklyWindow,
    Zone,
)


class RotationSettings(Section):
    """When each generated secret was last rotated. A new label makes a new value at the next `pulumi up`."""

    database: RotationLabel
    """The passwords of PostgreSQL: the master's and TMI's own."""
    redis: RotationLabel
    """The AUTH token of Redis."""
    jwt: RotationLabel
    """The key that signs TMI's tokens. A new one logs everybody out."""


class SecretsSettings(Section):
    """Secrets Manager."""

    recovery_window_days: Annotated[int, between(7, 30, "days")]
    """How long a deleted secret can be restored."""
    rotation: RotationSettings
    """The labels of the last rotation."""


class ReplicaSettings(Section):
    """A read replica: for reporting and promotion. TMI itself cannot read from one."""

    instance_class: DatabaseClass
    """Its class; no smaller than the primary's if it is ever to be promoted."""
    zone: Zone
    """The availability zone it stands in."""


class DatabaseInstanceSettings(Section):
    """A primary of RDS for PostgreSQL."""

    engine_version: PostgresVersion
    """The major version. Minor upgrades are automatic."""
    instance_class: DatabaseClass
    """Its class."""
    storage_gib: Annotated[int, between(20, 65_536, "GiB")]
    """The storage it starts with (gp3)."""
    storage_ceiling_gib: Annotated[int, between(22, 65_536, "GiB")]
    """How far the storage may grow by itself."""
    multi_az: bool
    """Whether a synchronous standby waits in another zone."""
    insights: Insights
    """How much Database Insights keeps."""
    backup_retention_days: Annotated[int, between(1, 35, "days")]
    """How far back a point-in-time restore can go."""
    backup_window: DailyWindow
    """When the daily backup starts, in UTC."""
    maintenance_window: WeeklyWindow
    """When AWS may restart it, in UTC."""
    replicas: dict[Name, ReplicaSettings]
    """Read replicas by name. Renaming one replaces it."""


class DatabaseSettings(Section):
    """The primaries, and which of them TMI speaks to."""

    active: Name
    """The instance TMI uses. A restore stands beside it under another name before this moves."""
    instances: dict[Name, DatabaseInstanceSettings]
    """Primaries by name. Renaming one replaces it: add a second one instead."""


class CacheSettings(Section):
    """ElastiCache for Redis. It holds sign-in state: losing it logs everybody out, and without it TMI answers 503."""

    engine_version: RedisVersion
    """The version of Redis."""
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


class RegistrySettings(Section):
    """ECR."""

    images_kept: Annotated[int, between(5, 1000, "images")]
    """How many images of TMI stay; a rollback reaches back this far."""


class NodeSettings(Section):
    """The nodes that EKS Auto Mode makes."""

    architecture: Architecture
    """Their processor. Every image must exist for it."""
    cpu_limit: Annotated[int, between(4, 1000, "vCPU")]
    """All nodes together never have more."""
    memory_limit_gib: Annotated[int, between(8, 8000, "GiB")]
    """All nodes together never have more."""
    expire_after_hours: Annotated[int, between(24, 504, "hours")]
    """When a node is replaced. Auto Mode allows 21 days (504 hours) at most."""


class ClusterSettings(Section):
    """EKS with Auto Mode."""

    version: KubernetesVersion
    """The version of Kubernetes. Raise it by one minor at a time."""
    support_type: SupportType
    """What happens when the version leaves standard support."""
    public_access_cidrs: Annotated[
        tuple[ClientCidr, ...], listing(0, 40, "must name at most 40 different networks; remove repeated ones")
    ]
    """Who may reach the Kubernetes API from outside the VPC; nobody if empty."""
    administrators: Annotated[
        tuple[RoleArn, ...],
        listing(1, 20, "must name at least one role, or nobody could administer it; add a role's ARN"),
    ]
    """Roles with cluster-admin rights, the one that runs `pulumi up` among them."""
    nodes: NodeSettings
    """What its workloads run on."""


class LogRetentionSettings(Section):
    """How long log groups keep their events, in days."""

    application: RetentionDays
    """TMI and what runs beside it."""
    database: RetentionDays
    """PostgreSQL and Redis."""
    network: RetentionDays
    """Flow logs and lookups of the VPC, and the web firewall."""
    control_plane: RetentionDays
    """The Kubernetes API, its audit log above all."""


class MonitoringSettings(Section):
    """Logs and alarms."""

    log_retention_days: LogRetentionSettings
    """By class of log."""
    alarm_emails: Annotated[
        tuple[Email, ...], listing(1, 20, "must name at least one address, or alarms would reach nobody; add one")
    ]
    """Who is told of an alarm. Each address has to confirm its subscription once."""
