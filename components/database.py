"""RDS for PostgreSQL: a primary and its read replicas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.database_instance import DatabaseInstance
from components.database_names import PORT, replica_identifier
from components.database_origin import FIXED, begin
from components.database_parameters import family, parameters, version_of
from components.log_sink import LogSink, log_group
from components.secret import StoredSecret
from components.service_role import ServiceRole, ServiceRoleArgs
from components.settings.choices import Insights
from components.settings.data import AutomaticMinor, DatabaseInstanceSettings

_LOG_EXPORTS: Final = ("postgresql", "upgrade")
_CERTIFICATE_AUTHORITY: Final = "rds-ca-rsa2048-g1"
_MONITORING_INTERVAL_SECONDS: Final = 60
_MONITORING_POLICY: Final = "service-role/AmazonRDSEnhancedMonitoringRole"
_RETIRING: Final = {"tmi:retiring": "true"}
"""The tag of a server that AWS no longer protects: the policies ask each for its reason."""
_INSIGHTS_RETENTION_DAYS: Final = {Insights.STANDARD: 7, Insights.ADVANCED: 465}
"""The retention that each mode of Database Insights asks of Performance Insights: 7 days, or 15 months of 31 days.
Source: CloudWatch User Guide, Database Insights; Amazon RDS API Reference, CreateDBInstance."""


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
    """Origin, version, size, availability, backups and replicas."""
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
    tags: Mapping[str, str]
    """The primary's tags, by which AWS Backup finds it. Its replicas have none: they hold the same data."""
    deletion_protection: bool
    """Whether a server refuses to be deleted until it is retiring, and a primary leaves a snapshot and its backups."""


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
    source that has PostgreSQL replicas. A restored server has the password of its source until the provider sets this
    one, in the same run (terraform-provider-aws, issue 35566, fixed in 5.36). Insights, windows, retention of backups
    and the certificate authority of a restored server are set by the next run, which finds them different.
    Source: terraform-provider-aws 6, restore calls of `aws_db_instance`; its issue 47689 for Insights.
    """

    TYPE: Final = "tmi:data:Database"

    address: pulumi.Output[str]
    instance_arn: pulumi.Output[str]
    instance_identifier: pulumi.Output[str]
    subnet_group_name: pulumi.Output[str]
    instances: Mapping[str, DatabaseInstance]
    """The primary under this component's name, each replica under that and its own."""

    def __init__(self, name: str, args: DatabaseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        self._args = args
        child = pulumi.ResourceOptions(parent=self)
        settings = args.settings

        subnets = aws.rds.SubnetGroup(f"{name}-subnets", subnet_ids=args.subnet_ids, opts=child)
        group = aws.rds.ParameterGroup(
            f"{name}-parameters",
            family=family(version_of(settings.engine_version)),
            parameters=[
                aws.rds.ParameterGroupParameterArgs(name=each.name, value=each.value, apply_method=each.apply)
                for each in parameters(auto_explain=settings.auto_explain)
            ],
            opts=child,
        )
        self._parameter_group = group.name
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
        self.subnet_group_name = subnets.name
        self.instances = {
            key: DatabaseInstance(
                identifier=instance.identifier,
                resource_id=instance.resource_id,
                replica=key != name,
                instance_class=instance_class,
                storage_gib=settings.storage_gib,
            )
            for key, (instance, instance_class) in {name: (primary, settings.instance_class), **replicas}.items()
        }
        self.register_outputs(
            {
                "address": self.address,
                "instance_arn": self.instance_arn,
                "instance_identifier": self.instance_identifier,
                "subnet_group_name": self.subnet_group_name,
            }
        )

    def _primary(self, subnet_group: pulumi.Output[str]) -> aws.rds.Instance:
        args = self._args
        settings = args.settings
        kept = args.deletion_protection and not settings.retiring
        server = self._server(args.identifier, settings.instance_class, args.tags, kept=kept)
        begin(server, settings.origin, storage_gib=settings.storage_gib, key_arn=args.key_arn)
        server.engine_version = version_of(settings.engine_version)
        server.password_wo = args.master.value
        server.password_wo_version = args.master.version
        server.db_subnet_group_name = subnet_group
        server.multi_az = settings.multi_az
        server.backup_retention_period = settings.backup_retention_days
        server.backup_window = settings.backup_window
        server.delete_automated_backups = not args.deletion_protection
        server.skip_final_snapshot = not args.deletion_protection
        if args.deletion_protection:
            server.final_snapshot_identifier = f"{args.identifier}-final"
        return self._launch("primary", args.identifier, server, kept=kept)

    def _replica(self, replica: str, source: pulumi.Output[str]) -> tuple[aws.rds.Instance, str]:
        """A replica in the primary's region.

        By the source's identifier it inherits engine, users, subnet group, storage and key; RDS refuses a key of its
        own in the same region. It has no backups (the primary's hold the same data; a promotion turns them on), and
        RDS takes no final snapshot of one.
        """
        args = self._args
        settings = args.settings.replicas[replica]
        identifier = replica_identifier(args.identifier, replica)
        # A retiring primary takes its replicas with it; one of them may also go before.
        kept = args.deletion_protection and not (args.settings.retiring or settings.retiring)
        server = self._server(identifier, settings.instance_class, {}, kept=kept)
        server.replicate_source_db = source
        server.availability_zone = settings.zone
        server.backup_retention_period = 0
        server.skip_final_snapshot = True
        return self._launch(f"replica-{replica}", identifier, server, kept=kept), settings.instance_class

    def _server(
        self, identifier: str, instance_class: str, tags: Mapping[str, str], *, kept: bool
    ) -> aws.rds.InstanceArgs:
        """What the primary and its replicas have in common, so that neither is less protected than the other.

        `kept`: whether AWS refuses to delete it.
        """
        args = self._args
        return aws.rds.InstanceArgs(
            identifier=identifier,
            instance_class=instance_class,
            storage_type="gp3",
            storage_encrypted=True,
            max_allocated_storage=args.settings.storage_ceiling_gib,
            port=PORT,
            publicly_accessible=False,
            vpc_security_group_ids=[args.security_group_id],
            ca_cert_identifier=_CERTIFICATE_AUTHORITY,
            parameter_group_name=self._parameter_group,
            # With an exact version a minor upgrade would be taken for drift and undone, so it is one or the other.
            auto_minor_version_upgrade=isinstance(args.settings.engine_version, AutomaticMinor),
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
            deletion_protection=kept,
            tags={**tags, **({} if kept or not args.deletion_protection else _RETIRING)} or None,
        )

    def _launch(self, role: str, identifier: str, server: aws.rds.InstanceArgs, *, kept: bool) -> aws.rds.Instance:
        """The server, after its log groups (RDS would make them without key and retention) and its role's rights.

        `kept`: whether Pulumi refuses to delete it.
        """
        logs = [
            log_group(
                f"{self.pulumi_resource_name}-{role}-{export}-log",
                f"/aws/rds/instance/{identifier}/{export}",
                self._args.logs,
                pulumi.ResourceOptions(parent=self),
            )
            for export in _LOG_EXPORTS
        ]
        # Protected: it holds the data. Ignored: what a server cannot change without being replaced.
        opts = pulumi.ResourceOptions(
            parent=self, protect=kept, depends_on=[*logs, self._monitoring], ignore_changes=list(FIXED)
        )
        return aws.rds.Instance(f"{self.pulumi_resource_name}-{role}", server, opts)
