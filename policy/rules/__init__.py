"""Every rule of the pack, in the order of the reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policy.rule import GraphRule, ResourceRule, Rule
from policy.rules.cluster import access, clusters, guards, namespaces, network_policies, nodes, rights, versions
from policy.rules.data import (
    backup_traps,
    backups,
    buckets,
    caches,
    database_care,
    database_events,
    database_parameters,
    databases,
    encryption,
    image_copies,
    production,
    read_replicas,
    registry,
)
from policy.rules.edge import browser_headers, front_door, health, issuance, transport, web_firewall
from policy.rules.identity import (
    escalation,
    generated_secrets,
    key_users,
    keys,
    people,
    providers,
    resource_policies,
    secrets,
    trust,
    wildcards,
)
from policy.rules.inventory import patches, types
from policy.rules.network import acls, descriptions, endpoints, isolation, locks, names, reachability, subnets, vpc
from policy.rules.watching import alarms, deliveries, logs, messages, topics, watchers
from policy.rules.workload import (
    clients,
    containers,
    entrances,
    hosts,
    images,
    jobs,
    manifest_secrets,
    pods,
    replication,
    rollouts,
    served_pods,
    service_accounts,
    variables,
)

if TYPE_CHECKING:
    from types import ModuleType

MODULES: Final[tuple[ModuleType, ...]] = (
    reachability,
    isolation,
    acls,
    locks,
    vpc,
    endpoints,
    names,
    subnets,
    descriptions,
    transport,
    front_door,
    browser_headers,
    web_firewall,
    health,
    issuance,
    database_parameters,
    buckets,
    encryption,
    databases,
    database_care,
    database_events,
    backup_traps,
    read_replicas,
    production,
    caches,
    backups,
    image_copies,
    registry,
    keys,
    key_users,
    secrets,
    generated_secrets,
    wildcards,
    escalation,
    people,
    resource_policies,
    trust,
    providers,
    clusters,
    rights,
    guards,
    namespaces,
    network_policies,
    access,
    nodes,
    versions,
    hosts,
    pods,
    containers,
    images,
    manifest_secrets,
    variables,
    service_accounts,
    jobs,
    rollouts,
    entrances,
    served_pods,
    replication,
    clients,
    logs,
    deliveries,
    alarms,
    watchers,
    topics,
    messages,
    types,
    patches,
)
"""The modules that hold rules, by concern; each says its rules in their order."""

RULES: Final[tuple[Rule, ...]] = tuple(
    rule for module in MODULES for rule in vars(module).values() if isinstance(rule, ResourceRule | GraphRule)
)
