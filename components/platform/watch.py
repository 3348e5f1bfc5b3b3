"""Who watches what: the alarms of everything that the stack made."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components import capacity
from components.load_balancer import LoadBalancer
from components.monitoring import (
    Alarms,
    AlarmsArgs,
    Dashboards,
    DashboardsArgs,
    JobResults,
    JobResultsArgs,
    Notification,
)
from components.monitoring.alarms import watched
from components.monitoring.canary import canary_name
from components.monitoring.tables.cache import Caches
from components.monitoring.tables.cluster import Pods, Workload
from components.monitoring.tables.edge import Edge
from components.monitoring.tables.objectives import Objectives
from components.monitoring.tables.server import Process, Processes
from components.platform.announcements import announcements
from components.platform.compute import Compute
from components.platform.data import Data
from components.platform.foundation import Foundation
from components.platform.jobs import jobs
from components.platform.watch_logs import watch_logs
from components.server.collector import metrics_namespace
from components.server.roles import Role
from components.server.tmi_namespace import NAMESPACE
from components.settings import Settings
from components.settings.availability import DeepCheckCanary
from components.settings.capacity_rules import hub_load, pool_load, pool_maximum
from components.settings.telemetry import NoTelemetry
from components.settings.topology import HubAndPoolTopology
from components.settings.webhooks import NoWebhooks


def watch(
    settings: Settings,
    base: Foundation,
    stores: Data,
    machines: Compute,
    load_balancer: LoadBalancer,
    notification: Notification,
    opts: pulumi.ResourceOptions,
) -> None:
    """The alarms and the dashboards, last of all: they name what the other components made."""
    announcements(settings, notification.topic_arns, opts)
    clock = jobs(settings)
    JobResults("job-results", JobResultsArgs(log_group_name=machines.add_ons.application_log_group, jobs=clock), opts)
    args = AlarmsArgs(
        stack_name=settings.name,
        repository=settings.repository,
        topic_arns=notification.topic_arns,
        objectives=objectives(settings, load_balancer.arn_suffix),
        canary=canary_name(settings.name) if isinstance(settings.monitoring.canary, DeepCheckCanary) else None,
        edge=Edge(
            load_balancer=load_balancer.arn_suffix,
            certificate_arn=load_balancer.certificate_arn,
            web_acl=settings.name,
            region=settings.region,
            site_rate=settings.web_firewall.rate_limits.site,
        ),
        target_group_suffixes=_target_groups(load_balancer),
        processes=processes(settings),
        workload=workload(settings),
        databases={
            name: instance for database in stores.databases.values() for name, instance in database.instances.items()
        },
        active_database=f"database-{settings.database.active}",
        caches=Caches(members=stores.cache.members, connections=redis_connections(settings)),
        nat_gateways=base.network.nat_gateway_ids,
        jobs=clock,
        logs=watch_logs(settings, base, machines, opts),
    )
    alarms = Alarms("alarms", args, opts)
    Dashboards(
        "dashboards",
        DashboardsArgs(stack_name=settings.name, region=settings.region, tiers=watched(args), alarm_arns=alarms.arns),
        opts,
    )


def objectives(settings: Settings, load_balancer: pulumi.Input[str]) -> Objectives:
    """What users may expect, as the load balancer of that ARN suffix sees it."""
    wanted = settings.monitoring.objectives
    return Objectives(
        load_balancer=load_balancer,
        window_days=wanted.window_days,
        availability_percent=wanted.availability_percent,
        latency_milliseconds=wanted.latency_milliseconds,
        latency_percent=wanted.latency_percent,
    )


def _target_groups(load_balancer: LoadBalancer) -> Mapping[Role, pulumi.Input[str]]:
    groups: dict[Role, pulumi.Input[str]] = {Role.HUB: load_balancer.hub_target_group_arn_suffix}
    if load_balancer.pool_targets:
        groups[Role.POOL] = load_balancer.pool_targets.arn_suffix
    return groups


def redis_connections(settings: Settings) -> int:
    """How many connections TMI opens to Redis at most."""
    return capacity.redis_connections(capacity.processes(pool_maximum(settings.server)))


def processes(settings: Settings) -> Processes | None:
    """What each process of TMI bears; none where TMI measures nothing."""
    server = settings.server
    if isinstance(server.telemetry, NoTelemetry):
        return None
    by_role = {Role.HUB: Process(memory_mib=server.resources.memory_mib, requests_per_minute=hub_load(server))}
    if isinstance(server.topology, HubAndPoolTopology):
        memory = server.topology.pool.resources.memory_mib
        by_role[Role.POOL] = Process(memory_mib=memory, requests_per_minute=pool_load(server))
    return Processes(
        namespace=metrics_namespace(settings.name),
        by_role=by_role,
        webhooks=not isinstance(server.webhooks, NoWebhooks),
    )


def workload(settings: Settings) -> Workload:
    """How many pods of each role there may be."""
    pods = {Role.HUB: Pods(minimum=1, maximum=1)}
    topology = settings.server.topology
    if isinstance(topology, HubAndPoolTopology):
        pods[Role.POOL] = Pods(minimum=topology.pool.minimum, maximum=topology.pool.maximum)
    return Workload(cluster=settings.name, namespace=NAMESPACE, pods=pods)
