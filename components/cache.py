"""ElastiCache for Redis or Valkey: one shard, one writer, its replicas in other zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_aws as aws

from components.log_sink import LogSink, log_group
from components.secret import StoredSecret
from components.settings.data import CacheEngine, CacheSettings

_PORT: Final = 6379
_LOG_TYPES: Final = ("slow-log", "engine-log")
_AUTH_CHANGE: Final = "ROTATE"
"""How a new AUTH token is set. `ROTATE` adds it beside the one before, so that pods may follow one by one, and the old
one stays valid until the next change. `SET` with the new token would end that, and is accepted after a `ROTATE` alone.
The program never sends it, for it could not know when the last pod has followed: a token that somebody knows is rotated
twice (`docs/runbooks/rotate-a-secret.md`). Source: Amazon ElastiCache User Guide, authenticating with the AUTH command;
API Reference, ModifyReplicationGroup.
"""
_PARAMETERS: Final = {"maxmemory-policy": "volatile-ttl"}
"""What is nearest to its end goes first when memory is short. An LRU policy would evict revoked tokens that nobody
asks for, and so revive them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CacheArgs:
    """What a :class:`Cache` needs from its caller."""

    replication_group_id: str
    """Its name in ElastiCache, at most 40 characters."""
    settings: CacheSettings
    """Size, availability and snapshots."""
    zones: tuple[str, ...]
    """The zones of the data tier."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Subnets of the data tier, one a zone."""
    security_group_id: pulumi.Input[str]
    """Who may connect."""
    key_arn: pulumi.Input[str]
    """The key that encrypts memory spilled to disk and snapshots."""
    logs: LogSink
    """How its logs are kept."""
    token: StoredSecret
    """The AUTH token."""
    deletion_protection: bool
    """Whether Pulumi refuses to delete it, and a last snapshot is taken if it is deleted after all."""


def member_zones(zones: Sequence[str], nodes: int) -> list[str]:
    """The zone of each node, the primary's first: one after the other, again from the first when they are used up."""
    return [zones[number % len(zones)] for number in range(nodes)]


def family(engine: CacheEngine) -> str:
    """The parameter group's family for an engine and its version; the major decides."""
    return f"{engine.kind}{engine.version.partition('.')[0]}"


class Cache(pulumi.ComponentResource):
    """A replication group with cluster mode disabled, since TMI's client speaks to one node.

    Redis becomes Valkey in place, together with the parameter group of the new family. In production that may wait for
    the maintenance window; until then ElastiCache refuses to delete the old parameter group, and a later run does it.
    The way back, or to a lower version, would replace the group: protection refuses that in production.
    Source: terraform-provider-aws 6, `internal/service/elasticache/replication_group.go`.
    """

    TYPE: Final = "tmi:data:Cache"

    primary_endpoint: pulumi.Output[str]
    members: Mapping[str, pulumi.Output[str]]
    """The nodes' names in ElastiCache, the dimension of their metrics, by the number that AWS gives them."""

    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.TYPE, name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        settings = args.settings
        replicated = settings.nodes > 1

        subnets = aws.elasticache.SubnetGroup(f"{name}-subnets", subnet_ids=args.subnet_ids, opts=child)
        parameters = aws.elasticache.ParameterGroup(
            f"{name}-parameters",
            family=family(settings.engine),
            parameters=[
                aws.elasticache.ParameterGroupParameterArgs(name=parameter, value=value)
                for parameter, value in _PARAMETERS.items()
            ],
            opts=child,
        )
        group = aws.elasticache.ReplicationGroup(
            f"{name}-group",
            replication_group_id=args.replication_group_id,
            description="TMI: sign-in state, rate limits, events",
            engine=settings.engine.kind,
            engine_version=settings.engine.version,
            cluster_mode="disabled",
            node_type=settings.node_type,
            num_cache_clusters=settings.nodes,
            automatic_failover_enabled=replicated,
            multi_az_enabled=replicated,
            preferred_cache_cluster_azs=member_zones(args.zones, settings.nodes),
            port=_PORT,
            subnet_group_name=subnets.name,
            security_group_ids=[args.security_group_id],
            parameter_group_name=parameters.name,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            auth_token_wo=args.token.value,
            auth_token_wo_version=args.token.version,
            auth_token_update_strategy=_AUTH_CHANGE,
            at_rest_encryption_enabled=True,
            kms_key_id=args.key_arn,
            auto_minor_version_upgrade=True,
            maintenance_window=settings.maintenance_window,
            # What interrupts Redis interrupts TMI: it waits for the maintenance window where downtime counts.
            apply_immediately=not args.deletion_protection,
            snapshot_retention_limit=settings.snapshot_retention_days,
            snapshot_window=settings.snapshot_window,
            final_snapshot_identifier=f"{args.replication_group_id}-final" if args.deletion_protection else None,
            log_delivery_configurations=self._log_deliveries(name, args),
            # Protected: it holds sign-in state and events not yet read.
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )

        self.primary_endpoint = group.primary_endpoint_address
        numbers = [f"{number:03}" for number in range(1, settings.nodes + 1)]
        self.members = {
            number: pulumi.Output.format("{0}-{1}", group.replication_group_id, number) for number in numbers
        }
        self.register_outputs({"primary_endpoint": self.primary_endpoint})

    def _log_deliveries(
        self, name: str, args: CacheArgs
    ) -> list[aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs]:
        """One delivery a kind of log, each to a group of its own.

        Groups below `/aws/vendedlogs/` share one entry of the account's log resource policy, whose size is limited.
        Source: Amazon CloudWatch Logs User Guide, enable logging from AWS services.
        """
        groups = {
            log_type: log_group(
                f"{name}-{log_type}",
                f"/aws/vendedlogs/elasticache/{args.replication_group_id}/{log_type}",
                args.logs,
                pulumi.ResourceOptions(parent=self),
            )
            for log_type in _LOG_TYPES
        }
        return [
            aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
                destination=group.name, destination_type="cloudwatch-logs", log_format="json", log_type=log_type
            )
            for log_type, group in groups.items()
        ]
