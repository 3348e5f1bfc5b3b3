"""Rules about who tries TMI: whether the web firewall lets them in."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from typing import Final

from components.settings.availability import DeepCheckCanary, RegionalHealthChecks
from components.settings.choices import TlsPolicy
from components.settings.edge import Internal, LoadBalancerSettings, WebFirewallSettings
from components.settings.network import NetworkSettings
from components.settings.problems import Problem, of_value
from components.settings.sections import MonitoringSettings


def canary_is_let_in(
    network: NetworkSettings,
    load_balancer: LoadBalancerSettings,
    web_firewall: WebFirewallSettings,
    monitoring: MonitoringSettings,
) -> Iterator[Problem]:
    """A canary that the web firewall refuses would page for nothing."""
    if not isinstance(monitoring.canary, DeepCheckCanary):
        return
    listed = web_firewall.allowed_networks
    if isinstance(load_balancer.scheme, Internal):
        own = ipaddress.IPv4Network(network.cidr)
        if listed and not any(own.subnet_of(ipaddress.IPv4Network(each)) for each in listed):
            rule = f"keeps the canary out, which comes from the VPC; add {network.cidr}"
            yield of_value("web_firewall.allowed_networks", listed, rule)
    elif web_firewall.allowed_countries and not listed:
        rule = (
            "keeps the canary out wherever its NAT gateways count to another country; add their addresses to "
            "allowed_networks, or write kind: none in monitoring.canary"
        )
        yield of_value("web_firewall.allowed_countries", web_firewall.allowed_countries, rule)


_TLS_1_3_ALONE: Final = frozenset(
    {TlsPolicy.TLS_1_3, TlsPolicy.TLS_1_3_FIPS, TlsPolicy.TLS_1_3_POST_QUANTUM, TlsPolicy.TLS_1_3_FIPS_POST_QUANTUM}
)
"""A health check of HTTPS wants TLS 1.0 to 1.2. Source: Amazon Route 53 API Reference, HealthCheckConfig, Type."""


def health_checks_are_answered(
    load_balancer: LoadBalancerSettings, web_firewall: WebFirewallSettings, monitoring: MonitoringSettings
) -> Iterator[Problem]:
    """Health checks come from the internet, from many countries, and with TLS 1.2; whatever refuses them would page."""
    if not isinstance(monitoring.health_checks, RegionalHealthChecks):
        return
    path, kind = "monitoring.health_checks.kind", monitoring.health_checks.kind
    if isinstance(load_balancer.scheme, Internal):
        yield of_value(path, kind, "asks from the internet, which reaches no internal load balancer; write 'none'")
    elif web_firewall.allowed_countries or web_firewall.allowed_networks:
        rule = "asks from addresses all over the world, which web_firewall.allowed_… keep out; write 'none'"
        yield of_value(path, kind, rule)
    if load_balancer.tls_policy in _TLS_1_3_ALONE:
        rule = "takes TLS 1.3 alone, which Route 53 does not speak; choose one of 1-2, or monitoring.health_checks none"
        yield of_value("load_balancer.tls_policy", load_balancer.tls_policy, rule)


RULES: Final[tuple[Callable[..., Iterator[Problem]], ...]] = (canary_is_let_in, health_checks_are_answered)
"""Every one of them."""
