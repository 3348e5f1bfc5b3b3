"""The ground floor: keys, network, firewall and the ways to AWS's own services."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.database_names import server_identifiers
from components.egress_domains import condensed, resolvable
from components.encryption import Encryption, EncryptionArgs
from components.endpoints import Endpoints, EndpointsArgs
from components.firewall import Firewall, FirewallArgs, Peer
from components.log_archive import LogArchive, LogArchiveArgs
from components.log_sink import LogClass, LogSink
from components.name_resolution import NameResolution, NameResolutionArgs
from components.network import Network, NetworkArgs
from components.providers import recovery_provider
from components.recovery_keys import RecoveryKeys, RecoveryKeysArgs
from components.settings import Settings
from components.settings.availability import DeepCheckCanary
from components.settings.edge import Internal, Scheme
from components.settings.log_archive import BucketArchive
from components.settings.safekeeping import RecoveryRegion
from components.settings.sections import LogRetentionSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class RecoveryGround:
    """The ground floor of the recovery region."""

    settings: RecoveryRegion
    keys: RecoveryKeys
    opts: pulumi.ResourceOptions
    """For what is made there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Foundation:
    """What everything else stands on."""

    encryption: Encryption
    network: Network
    firewall: Firewall
    recovery: RecoveryGround | None
    """Where copies go; nowhere where the stack file names no recovery region."""
    archive: LogArchive | None
    """Where logs go on to; nowhere where they are in CloudWatch alone."""
    log_retention: LogRetentionSettings
    """How long CloudWatch keeps them."""

    def sink(self, log_class: LogClass) -> LogSink:
        """How logs of a class are kept."""
        return _sink(self.encryption, self.log_retention, self.archive, log_class)


def foundation(settings: Settings, opts: pulumi.ResourceOptions) -> Foundation:
    """The keys first: whatever is written later is encrypted from its first byte."""
    encryption = Encryption(
        "encryption",
        EncryptionArgs(
            stack_name=settings.name,
            database_identifiers=server_identifiers(settings.name, settings.database),
            account=settings.account,
            region=settings.region,
            deletion_protection=settings.deletion_protection,
        ),
        opts,
    )
    retention = settings.monitoring.log_retention_days
    archive = _archive(settings, encryption, opts)
    logs = _sink(encryption, retention, archive, LogClass.NETWORK)
    recovery = _recovery_ground(settings)
    network = Network(
        "network",
        NetworkArgs(
            stack_name=settings.name,
            account=settings.account,
            region=settings.region,
            settings=settings.network,
            logs=logs,
        ),
        opts,
    )
    NameResolution(
        "name-resolution",
        NameResolutionArgs(
            stack_name=settings.name,
            account=settings.account,
            region=settings.region,
            vpc_id=network.vpc_id,
            egress=settings.network.egress,
            domains=condensed(
                [*resolvable(settings.region, settings.network.egress, settings.server), *tried(settings)]
            ),
            logs=logs,
        ),
        opts,
    )
    firewall = Firewall(
        "firewall",
        FirewallArgs(
            stack_name=settings.name,
            vpc_id=network.vpc_id,
            client_cidrs=client_cidrs(settings.load_balancer.scheme),
            endpoints=bool(settings.network.interface_endpoints),
            canary=bool(tried(settings)),
        ),
        opts,
    )
    if settings.network.interface_endpoints:
        Endpoints(
            "endpoints",
            EndpointsArgs(
                stack_name=settings.name,
                region=settings.region,
                account=settings.account,
                vpc_id=network.vpc_id,
                subnet_ids=network.endpoint_subnet_ids,
                security_group_id=firewall.group_ids[Peer.ENDPOINTS],
                services=settings.network.interface_endpoints,
            ),
            opts,
        )
    return Foundation(
        encryption=encryption,
        network=network,
        firewall=firewall,
        recovery=recovery,
        archive=archive,
        log_retention=retention,
    )


def _archive(settings: Settings, encryption: Encryption, opts: pulumi.ResourceOptions) -> LogArchive | None:
    """Before the first log group: it is subscribed as soon as it is made."""
    monitoring = settings.monitoring
    if not isinstance(monitoring.archive, BucketArchive):
        return None
    return LogArchive(
        "log-archive",
        LogArchiveArgs(
            stack_name=settings.name,
            account=settings.account,
            region=settings.region,
            settings=monitoring.archive,
            key_arn=encryption.logs_key_arn,
            logs=_sink(encryption, monitoring.log_retention_days, None, LogClass.APPLICATION),
            deletion_protection=settings.deletion_protection,
        ),
        opts,
    )


def _sink(
    encryption: Encryption, retention: LogRetentionSettings, archive: LogArchive | None, log_class: LogClass
) -> LogSink:
    return LogSink(
        key_arn=encryption.logs_key_arn,
        retention_days=getattr(retention, log_class),
        subscriber=archive.subscriber(log_class) if archive else None,
    )


def tried(settings: Settings) -> tuple[str, ...]:
    """The names that a canary looks up in the VPC; none where there is no canary."""
    return (settings.load_balancer.domain,) if isinstance(settings.monitoring.canary, DeepCheckCanary) else ()


def client_cidrs(scheme: Scheme) -> tuple[str, ...]:
    """Who may open a connection to the load balancer."""
    return scheme.client_cidrs if isinstance(scheme, Internal) else ("0.0.0.0/0",)


def _recovery_ground(settings: Settings) -> RecoveryGround | None:
    """The provider and the keys of the recovery region, before anything is copied there."""
    if not isinstance(settings.recovery, RecoveryRegion):
        return None
    there = pulumi.ResourceOptions(providers=[recovery_provider(settings, settings.recovery.region)])
    keys = RecoveryKeys(
        "recovery-keys",
        RecoveryKeysArgs(
            stack_name=settings.name,
            database_identifiers=(),
            account=settings.account,
            region=settings.recovery.region,
            deletion_protection=settings.deletion_protection,
        ),
        there,
    )
    return RecoveryGround(settings=settings.recovery, keys=keys, opts=there)
