"""The top floor: TMI, its front door, and who is told when something is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.address_plan import NetworkTier
from components.egress_domains import destinations
from components.firewall import Peer
from components.load_balancer import LoadBalancer, LoadBalancerArgs
from components.log_sink import LogClass
from components.monitoring import Notification
from components.platform.canary import canary
from components.platform.compute import Compute
from components.platform.data import Data
from components.platform.foundation import Foundation
from components.platform.notification import notify
from components.platform.outside import outside
from components.platform.recycling import recycling
from components.platform.watch import watch
from components.pool_route import PoolRoute, PoolRouteArgs
from components.server import Server, ServerArgs
from components.server.isolation import Surroundings
from components.server.secret_files import SecretAccess
from components.server.stream_trimming import StreamTrimming, StreamTrimmingArgs
from components.server.telemetry import telemetry_names
from components.server.tmi_namespace import NAMESPACE
from components.server.workplace import Workplace
from components.settings import Settings, StackFile
from components.settings.choices import CapacityType
from components.settings.log_archive import BucketArchive
from components.settings.topology import HubAndPoolTopology
from components.web_firewall import WebFirewall, WebFirewallArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """What users and operators meet."""

    load_balancer: LoadBalancer
    server: Server
    notification: Notification
    place: Workplace
    """Where TMI's pods run, and whatever else belongs to it."""


def service(
    file: StackFile, base: Foundation, stores: Data, machines: Compute, opts: pulumi.ResourceOptions
) -> Service:
    """The front door first: TMI's pods are registered with its target group."""
    settings = file.settings
    archive = settings.monitoring.archive
    load_balancer = LoadBalancer(
        "load-balancer",
        LoadBalancerArgs(
            stack_name=settings.name,
            account=settings.account,
            settings=settings.load_balancer,
            vpc_id=base.network.vpc_id,
            subnet_ids=base.network.edge_subnet_ids,
            security_group_id=base.firewall.group_ids[Peer.ALB],
            cluster_name=settings.name,
            pool=isinstance(settings.server.topology, HubAndPoolTopology),
            logs_cold_after_days=archive.cold_after_days if isinstance(archive, BucketArchive) else None,
            deletion_protection=settings.deletion_protection,
        ),
        opts,
    )
    WebFirewall(
        "web-firewall",
        WebFirewallArgs(
            stack_name=settings.name,
            account=settings.account,
            region=settings.region,
            settings=settings.web_firewall,
            body_limit_mib=settings.server.body_limit_mib,
            origins=settings.server.user_interface_origins,
            load_balancer_arn=load_balancer.arn,
            logs=base.sink(LogClass.NETWORK),
        ),
        opts,
    )
    place = _workplace(settings, base, machines)
    tiers = {tier: tuple(map(str, base.network.plan.tiers[tier].values())) for tier in NetworkTier}
    server = Server(
        "server",
        ServerArgs(
            place=place,
            kubernetes_version=settings.cluster.version,
            settings=settings.server,
            domain=settings.load_balancer.domain,
            idle_timeout_seconds=settings.load_balancer.idle_timeout_seconds,
            image_repository=machines.registry.tmi_repository_url,
            surroundings=Surroundings(
                vpc_cidr=settings.network.cidr,
                cluster_dns=str(base.network.plan.cluster_dns),
                edge_cidrs=tiers[NetworkTier.EDGE],
                data_cidrs=tiers[NetworkTier.DATA],
                endpoint_cidrs=tiers[NetworkTier.ENDPOINTS] if settings.network.interface_endpoints else (),
                destinations=destinations(settings.network.egress, settings.server),
                telemetry=telemetry_names(settings.region, settings.server.telemetry),
            ),
            database_address=stores.active.address,
            database_class=settings.database.instances[settings.database.active].instance_class,
            database_master=stores.secrets.database_master[settings.database.active],
            database_owner=stores.secrets.database_owner,
            database_url=stores.database_url.stored,
            redis_endpoint=stores.cache.primary_endpoint,
            redis=stores.secrets.redis,
            jwt=stores.secrets.jwt,
            settings_key=stores.secrets.settings_key,
            previous_settings_key=stores.secrets.previous_settings_key,
            content_token_key=stores.secrets.content_token_key,
            given_secrets=stores.secrets.given,
            logs=base.sink(LogClass.APPLICATION),
            hub_target_group_arn=load_balancer.hub_target_group_arn,
            pool_target_group_arn=load_balancer.pool_targets.arn if load_balancer.pool_targets else None,
        ),
        # Its pods need nodes to run on and the driver that mounts their secrets.
        pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(providers=[machines.provider], depends_on=[machines.nodes, machines.add_ons])
        ),
    )
    if load_balancer.pool_targets and server.pool:
        PoolRoute(
            "pool-route",
            PoolRouteArgs(
                listener_arn=load_balancer.https_listener_arn, target_group_arn=load_balancer.pool_targets.arn
            ),
            # Last of all, and first to go.
            pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[load_balancer, server.pool])),
        )
    after_server = pulumi.ResourceOptions.merge(
        opts, pulumi.ResourceOptions(providers=[machines.provider], depends_on=[server])
    )
    StreamTrimming(
        "stream-trimming",
        StreamTrimmingArgs(
            place=place,
            haproxy=settings.server.images.haproxy,
            data_cidrs=tiers[NetworkTier.DATA],
            redis_endpoint=stores.cache.primary_endpoint,
            token=stores.secrets.redis,
        ),
        after_server,
    )
    recycling(settings, base.network.plan, place, after_server)
    canary(settings, base, stores, after_server)
    notification = notify(file, base, opts)
    watch(settings, base, stores, machines, load_balancer, notification, opts)
    outside(file, notification, server, opts)
    return Service(load_balancer=load_balancer, server=server, notification=notification, place=place)


def _workplace(settings: Settings, base: Foundation, machines: Compute) -> Workplace:
    return Workplace(
        access=SecretAccess(
            account=settings.account,
            region=settings.region,
            cluster_name=settings.name,
            namespace=NAMESPACE,
            key_arn=base.encryption.secrets_key_arn,
        ),
        node_selector={
            "karpenter.sh/nodepool": machines.nodes.node_pool_name,
            "kubernetes.io/arch": settings.cluster.nodes.architecture.value,
            # A spot node may go at two minutes' notice, and with it every live collaboration.
            "karpenter.sh/capacity-type": CapacityType.ON_DEMAND.value,
        },
        public_prefix=machines.registry.public_prefix,
    )
