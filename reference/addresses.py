"""The page of addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from components.address_plan import MOST_ZONES, AddressPlan, NetworkTier
from reference import markdown

EXAMPLES: Final = ("10.64.0.0/16", "10.64.0.0/18", "172.20.0.0/16")
"""The largest network, the smallest, and one that takes the usual place of Kubernetes Services."""

_ZONES: Final = ("first zone", "second zone", "third zone", "fourth zone")
_RESERVED: Final = 5
"""Addresses that AWS keeps in each subnet. Source: Amazon VPC User Guide, subnet CIDR blocks."""

_PURPOSES: Final = {
    NetworkTier.EDGE: "load balancer, NAT gateways",
    NetworkTier.APP: "nodes, pods, Kubernetes API",
    NetworkTier.ENDPOINTS: "interface endpoints",
    NetworkTier.DATA: "PostgreSQL, Redis",
}


def page() -> str:
    """Where the subnets of a few networks stand."""
    return markdown.page(
        "# Addresses",
        "`network.cidr` of the stack file may be any private network of /16 to /18. A subnet's place follows from its "
        "tier and from its zone's position in `network.zones`, from nothing else (`components/address_plan.py`). Every "
        f"tier keeps room for {MOST_ZONES} zones, so one added at the end moves nothing. The block of a tier is what "
        "network ACLs name.",
        *(block for cidr in EXAMPLES for block in _example(cidr)),
    )


def _example(cidr: str) -> Iterator[str]:
    plan = AddressPlan.of(cidr, _ZONES)
    yield f"## {cidr}"
    yield markdown.table(
        ("tier", "for", "block", *_ZONES, "addresses each"), (_row(plan, tier) for tier in NetworkTier)
    )
    yield f"Kubernetes Services: {plan.services}, outside the VPC; the cluster's DNS answers at {plan.cluster_dns}."


def _row(plan: AddressPlan, tier: NetworkTier) -> tuple[str, ...]:
    subnets = plan.tiers[tier].values()
    usable = next(iter(subnets)).num_addresses - _RESERVED
    return f"`{tier}`", _PURPOSES[tier], str(plan.block(tier)), *map(str, subnets), f"{usable:,}"
