"""RDS for PostgreSQL: a primary and its read replicas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.database_names import replica_identifier
from components.database_parameters import PARAMETERS, family
from components.log_sink import LogSink
from components.secrets import StoredSecret
from components.service_role import ServiceRole, ServiceRoleArgs
from components.settings.sections import DatabaseInstanceSettings
from components.settings.vocabulary import Insights

MASTER_USER: Final = "tmi_master"
"""The master of each instance; the bootstrap job alone uses it."""

_PORT: Final = 5432
_DATABASE: Final = "tmi"
_OWNER: Final = "tmi"
_LOG_EXPORTS: Final = ("postgresql", "upgrade")
_CERTIFICATE_AUTHORITY: Final = "rds-ca-rsa2048-g1"
_MONITORING_INTERVAL_SECONDS: Final = 60
_MONITORING_POLICY: Final = "service-role/AmazonRDSEnhancedMonitoringRole"
_INSIGHTS_RETENTION_DAYS: Final = {Insights.STANDARD: 7, Insights.ADVANCED: 465}
"""The retention that each mode of Database Insights asks of Performance Insights. Source: Amazon RDS User Guide."""


def connection_url(address: pulumi.Input[str], password: pulumi.Input[str]) -> pulumi.Output[str]:
    """How TMI's own role reaches its database; a secret. TMI reads nothing of a URL but these parts and `sslmode`."""
    url = pulumi.Output.format(
        "postgres://{0}:{1}@{2}:{3}/{4}?sslmode=verify-full", _OWNER, password, address, _PORT, _DATABASE
    )
    return pulumi.Output.secret(url)


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseInstance:
    """A server of PostgreSQL, for who watches it."""

    identifier: pulumi.Output[str]
    """Its name in RDS and the dimension of its metrics."""
    instance_class: str
    """Its class."""
    storage_gib: int
    """The storage it started with, in GiB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseArgs:
    """What a :class:`Database` needs from its caller."""

    identifier: str
    """The primary's name in RDS, and the beginning of its replicas'."""
    region: str
    """Where it stands."""
    account: str
    """Whose it is."""
    settings: DatabaseInstanceSettings
    """Size, availability, backups and replicas."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the data tier, one a zone."""
    security_group_id: pulumi.Input[str]
    """Who may connect."""
    key_arn: pulumi.Input[str]
    """The key that encrypts storage, backups and query statistics."""
    logs: LogSink
    """How the server's logs are kept."""
    master: StoredSecret
    """The master password."""
    deletion_protection: bool
    """Whether it refuses to be deleted, and leaves a snapshot and its backups if it is deleted after all."""


def monitoring_trust(args: DatabaseArgs) -> dict[str, object]:
    """Who may take the enhanced monitoring role: RDS, for these servers alone."""
    names = [
        args.identifier,
        *(replica_identifier(args.identifier, replica) for replica in sorted(args.settings.replicas)),
    ]
    servers = [f"arn:aws:rds:{args.region}:{args.account}:db:{name}" for name in names]
    return {
        "Effect": "Allow",
        "Principal": {"Service": "monitoring.rds.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": args.account},
            "ArnEquals": {"aws:SourceArn": servers},
        },
    }


class Database(pulumi.ComponentResource):
    """A primary of PostgreSQL with its replicas.

    The master password is set by a write-only argument and never managed by RDS: RDS refuses to manage it on a
    source that has PostgreSQL replicas. Minor upgrades are automatic, so the version is the major alone: an exact
    minor would be taken for drift after the first of them.
    """

    TYPE: Final = "tmi:data:Database"

    address: pulumi.Output[str]
    instance_arn: pulumi.Output[str]
    instance_identifier: pulumi.Output[str]
    instances: Mapping[str, DatabaseInstance]
    """The primary under this component's name, each replica under that and its own."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._args = args
        child = pulumi.ResourceOptions(parent=self)
        settings = args.settings

        subnets = aws.rds.SubnetGroup(f"{name}-subnets", subnet_ids=args.subnet_ids, opts=child)
        parameters = aws.rds.ParameterGroup(
            f"{name}-parameters",
            family=family(settings.engine_version),
            parameters=[
                aws.rds.ParameterGroupParameterArgs(name=each.name, value=each.value, apply_method=each.apply)
                for each in PARAMETERS
            ],
            opts=child,
        )
        self._parameter_group = parameters.name
        self._monitoring = ServiceRole(
            f"{name}-monitoring",
            ServiceRoleArgs(trust=monitoring_trust(args), managed_policies=(_MONITORING_POLICY,)),
            child,
        )

        primary = self._primary(subnets.name)
        replicas = {
            f"{name}-{replica}": self._replica(replica, primary.identifier) for replica in sorted(settings.replicas)
        }

        self.address = primary.address
        self.instance_arn = primary.arn
        self.instance_identifier = primary.identifier
        self.instances = {
            key: DatabaseInstance(
                identifier=instance.identifier, instance_class=instance_class, storage_gib=settings.storage_gib
            )
            for key, (instance, instance_class) in {name: (primary, settings.instance_class), **replicas}.items()
        }
        self.register_outputs(
            {
                "address": self.address,
                "instance_arn": self.instance_arn,
                "instance_identifier": self.instance_identifier,
            }
        )

    def _primary(self, subnet_group: pulumi.Output[str]) -> aws.rds.Instance:
        args = self._args
        settings = args.settings
        server = self._server(args.identifier, settings.instance_class)
        server.engine = "postgres"
        server.engine_version = settings.engine_version
        server.db_name = _DATABASE
        server.username = MASTER_USER
        server.password_wo = args.master.value
        server.password_wo_version = args.master.version
        server.db_subnet_group_name = subnet_group
        server.allocated_storage = settings.storage_gib
        server.kms_key_id = args.key_arn
        server.multi_az = settings.multi_az
        server.backup_retention_period = settings.backup_retention_days
        server.backup_window = settings.backup_window
        server.delete_automated_backups = not args.deletion_protection
        server.skip_final_snapshot = not args.deletion_protection
        if args.deletion_protection:
            server.final_snapshot_identifier = f"{args.identifier}-final"
        return self._launch("primary", args.identifier, server)

    def _replica(self, replica: str, source: pulumi.Output[str]) -> tuple[aws.rds.Instance, str]:
        """A replica in the primary's region.

        By the source's identifier it inherits engine, users, subnet group, storage and key; RDS refuses a key of its
        own in the same region. It has no backups (the primary's hold the same data; a promotion turns them on), and
        RDS takes no final snapshot of one.
        """
        settings = self._args.settings.replicas[replica]
        identifier = replica_identifier(self._args.identifier, replica)
        server = self._server(identifier, settings.instance_class)
        server.replicate_source_db = source
        server.availability_zone = settings.zone
        server.backup_retention_period = 0
        server.skip_final_snapshot = True
        return self._launch(f"replica-{replica}", identifier, server), settings.instance_class

    def _server(self, identifier: str, instance_class: str) -> aws.rds.InstanceArgs:
        """What the primary and its replicas have in common, so that neither is less protected than the other."""
        args = self._args
        return aws.rds.InstanceArgs(
            identifier=identifier,
            instance_class=instance_class,
            storage_type="gp3",
            storage_encrypted=True,
            max_allocated_storage=args.settings.storage_ceiling_gib,
            port=_PORT,
            publicly_accessible=False,
            vpc_security_group_ids=[args.security_group_id],
            ca_cert_identifier=_CERTIFICATE_AUTHORITY,
            parameter_group_name=self._parameter_group,
            auto_minor_version_upgrade=True,
            maintenance_window=args.settings.maintenance_window,
            # What restarts the server waits for the maintenance window where downtime counts. A new master password
            # does not restart it and is set at once either way.
            apply_immediately=not args.deletion_protection,
            database_insights_mode=args.settings.insights,
            performance_insights_enabled=True,
            performance_insights_kms_key_id=args.key_arn,
            performance_insights_retention_period=_INSIGHTS_RETENTION_DAYS[args.settings.insights],
            monitoring_interval=_MONITORING_INTERVAL_SECONDS,
            monitoring_role_arn=self._monitoring.arn,
            enabled_cloudwatch_logs_exports=list(_LOG_EXPORTS),
            copy_tags_to_snapshot=True,
            deletion_protection=args.deletion_protection,
        )

    def _launch(self, role: str, identifier: str, server: aws.rds.InstanceArgs) -> aws.rds.Instance:
        """The server, after its log groups (RDS would make them without key and retention) and its role's rights."""
        logs = [
            aws.cloudwatch.LogGroup(
                f"{self.pulumi_resource_name}-{role}-{export}-log",
                name=f"/aws/rds/instance/{identifier}/{export}",
                kms_key_id=self._args.logs.key_arn,
                retention_in_days=self._args.logs.retention_days,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for export in _LOG_EXPORTS
        ]
        # Protected: it holds the data.
        kept = pulumi.ResourceOptions(
            parent=self, protect=self._args.deletion_protection, depends_on=[*logs, self._monitoring]
        )
        return aws.rds.Instance(f"{self.pulumi_resource_name}-{role}", server, kept)
