"""Rules that look at more than one field of the stack file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic import BaseModel, TypeAdapter, ValidationError

from components.settings.availability_rules import RULES as AVAILABILITY_RULES
from components.settings.capacity_rules import RULES as CAPACITY_RULES
from components.settings.choices import NatGateways, Tier
from components.settings.cluster_rules import RULES as CLUSTER_RULES
from components.settings.data import CacheSettings, DatabaseSettings
from components.settings.edge import Internal, LoadBalancerSettings, WebFirewallSettings
from components.settings.log_rules import RULES as LOG_RULES
from components.settings.network import NetworkSettings
from components.settings.node_rules import RULES as NODE_RULES
from components.settings.notification_rules import RULES as NOTIFICATION_RULES
from components.settings.problems import Problem, of_value
from components.settings.restoring_rules import RULES as RESTORING_RULES
from components.settings.server_rules import RULES as SERVER_RULES
from components.settings.stack import Settings
from components.settings.webhook_rules import RULES as WEBHOOK_RULES
from components.settings.windows import windows_overlap

Rule: TypeAlias = Callable[..., Iterator[Problem]]
"""A generator of problems whose parameters name the sections it needs."""
Sections: TypeAlias = Mapping[str, Any]
"""Those fields that are valid by themselves, by name."""

_PRODUCTION_ZONES: Final = 3


def zones_of_the_region(region: str, network: NetworkSettings) -> Iterator[Problem]:
    """A VPC's subnets stand in the zones of its region."""
    for index, zone in enumerate(network.zones):
        if zone[:-1] != region:
            yield of_value(f"network.zones.{index}", zone, f"is no zone of {region}; name one like '{region}a'")


def zones_of_production(tier: Tier, network: NetworkSettings) -> Iterator[Problem]:
    """Production survives the loss of a zone with two left."""
    if tier is Tier.PRODUCTION and len(network.zones) < _PRODUCTION_ZONES:
        yield of_value("network.zones", network.zones, "must be 3 zones or more in production; add another zone")


def nat_of_production(tier: Tier, network: NetworkSettings) -> Iterator[Problem]:
    """In production no zone depends on another one's NAT gateway."""
    if tier is Tier.PRODUCTION and network.nat_gateways is not NatGateways.PER_ZONE:
        yield of_value("network.nat_gateways", network.nat_gateways, "is not for production; write 'per_zone'")


def protection_of_production(tier: Tier, deletion_protection: bool) -> Iterator[Problem]:  # noqa: FBT001 -- a field of the file
    """Production data is not deleted by a slip."""
    if tier is Tier.PRODUCTION and not deletion_protection:
        yield of_value("deletion_protection", deletion_protection, "is not for production; write true")


def active_instance(database: DatabaseSettings) -> Iterator[Problem]:
    """TMI needs a primary that exists."""
    if database.active not in database.instances:
        known = ", ".join(sorted(database.instances)) or "none"
        yield of_value(
            "database.active", database.active, f"is no entry of database.instances; name one of them: {known}"
        )


def storage_grows(database: DatabaseSettings) -> Iterator[Problem]:
    """Storage autoscaling needs a ceiling at least a tenth above the size.

    Source: Amazon RDS User Guide, managing capacity automatically with storage autoscaling.
    """
    for name, instance in database.instances.items():
        floor = -(-instance.storage_gib * 11 // 10)
        if instance.storage_ceiling_gib < floor:
            path = f"database.instances.{name}.storage_ceiling_gib"
            rule = f"must be a tenth above storage_gib ({instance.storage_gib}) at least; write {floor} or more"
            yield of_value(path, instance.storage_ceiling_gib, rule)


def replicas_of_the_network(network: NetworkSettings, database: DatabaseSettings) -> Iterator[Problem]:
    """A replica stands in a zone that has a data subnet."""
    for name, instance in database.instances.items():
        for replica, settings in instance.replicas.items():
            if settings.zone not in network.zones:
                path = f"database.instances.{name}.replicas.{replica}.zone"
                zones = ", ".join(network.zones)
                yield of_value(path, settings.zone, f"must be one of network.zones; name one of {zones}")


def availability_of_production(tier: Tier, database: DatabaseSettings, cache: CacheSettings) -> Iterator[Problem]:
    """No single node holds production data."""
    if tier is not Tier.PRODUCTION:
        return
    for name, instance in database.instances.items():
        path = f"database.instances.{name}"
        if not instance.multi_az:
            yield of_value(f"{path}.multi_az", instance.multi_az, "is not for production; write true")
    if cache.nodes == 1:
        yield of_value("cache.nodes", cache.nodes, "is not for production; write 2 or more")


def windows_apart(database: DatabaseSettings, cache: CacheSettings) -> Iterator[Problem]:
    """AWS refuses a maintenance window that overlaps the daily backup."""
    pairs = [
        *(
            (f"database.instances.{n}.maintenance_window", i.maintenance_window, i.backup_window)
            for n, i in database.instances.items()
        ),
        ("cache.maintenance_window", cache.maintenance_window, cache.snapshot_window),
    ]
    for path, weekly, daily in pairs:
        if windows_overlap(weekly, daily):
            yield of_value(path, weekly, f"must not overlap the daily backup ({daily}); move one of them")


def names_of_the_domain(load_balancer: LoadBalancerSettings) -> Iterator[Problem]:
    """A name stands on the certificate once."""
    if load_balancer.domain in load_balancer.alternative_names:
        yield of_value(
            "load_balancer.alternative_names",
            load_balancer.domain,
            "is the domain itself already; remove it from the list",
        )


def countries_of_the_internet(
    load_balancer: LoadBalancerSettings, web_firewall: WebFirewallSettings
) -> Iterator[Problem]:
    """Private addresses have no country: a list of countries would refuse everybody."""
    if isinstance(load_balancer.scheme, Internal) and web_firewall.allowed_countries:
        rule = "is for a load balancer on the internet; write [] and list networks instead"
        yield of_value("web_firewall.allowed_countries", web_firewall.allowed_countries, rule)


def rate_limits_nested(web_firewall: WebFirewallSettings) -> Iterator[Problem]:
    """A limit for a part is below the limit for the whole, or it never acts."""
    limits = web_firewall.rate_limits
    for part, whole in (("root", "site"), ("login", "site"), ("token", "login")):
        value, bound = getattr(limits, part), getattr(limits, whole)
        if value > bound:
            rule = f"never acts: {whole} stops at {bound} already; write {bound} or less"
            yield of_value(f"web_firewall.rate_limits.{part}", value, rule)


RULES: Final[tuple[Rule, ...]] = (
    zones_of_the_region,
    zones_of_production,
    nat_of_production,
    protection_of_production,
    active_instance,
    storage_grows,
    replicas_of_the_network,
    availability_of_production,
    windows_apart,
    names_of_the_domain,
    countries_of_the_internet,
    rate_limits_nested,
    *AVAILABILITY_RULES,
    *CAPACITY_RULES,
    *CLUSTER_RULES,
    *LOG_RULES,
    *NODE_RULES,
    *SERVER_RULES,
    *RESTORING_RULES,
    *WEBHOOK_RULES,
    *NOTIFICATION_RULES,
)
"""Every rule."""


@cache
def _adapters(model: type[BaseModel]) -> Mapping[str, TypeAdapter[Any]]:
    """What validates each field of a section by itself."""
    return {name: TypeAdapter(field.rebuild_annotation()) for name, field in model.model_fields.items()}


def valid_fields(model: type[BaseModel], section: Mapping[str, object]) -> Sections:
    """The fields of a section that are valid by themselves."""
    fields: dict[str, Any] = {}
    for name, adapter in _adapters(model).items():
        try:
            fields[name] = adapter.validate_json(json.dumps(section.get(name)), strict=True)
        except ValidationError:
            continue
    return fields


def valid_sections(document: Mapping[str, object]) -> Sections:
    """The top-level fields that are valid by themselves, so that rules see them whatever else is wrong."""
    return valid_fields(Settings, document)


def broken_rules(sections: Sections, rules: tuple[Rule, ...] = RULES) -> list[Problem]:
    """What the rules find in those sections; a rule that lacks one of its sections is left out."""
    problems: list[Problem] = []
    for rule in rules:
        needed = rule.__code__.co_varnames[: rule.__code__.co_argcount]
        if all(name in sections for name in needed):
            problems += rule(**{name: sections[name] for name in needed})
    return problems
