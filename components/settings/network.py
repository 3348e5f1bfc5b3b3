"""The section of the stack file that describes the VPC and what may leave it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.choices import InterfaceEndpoint, NatGateways
from components.settings.constraints import listing
from components.settings.model import Section
from components.settings.vocabulary import EgressDomain, VpcCidr, Zone


class OpenEgress(Section):
    """Pods and nodes reach any address of the internet on port 443."""

    kind: Literal["open"]
    """No list of domains."""


class AllowListEgress(Section):
    """Names outside the list do not resolve in the VPC, and TMI's pods connect to no address they did not resolve."""

    kind: Literal["allow_list"]
    """Only the names below, those of AWS's own services, and whomever `server` names: identity providers, models, …"""
    domains: Annotated[
        tuple[EgressDomain, ...], listing(0, 200, "must name at most 200 different domains; remove repeated ones")
    ]
    """What else TMI calls: receivers of webhooks, documents. `*.example.com` is every name below example.com."""
    fail_closed: bool
    """Whether names stop resolving while the DNS Firewall itself is out of order: true holds the wall, false TMI."""


Egress: TypeAlias = Annotated[OpenEgress | AllowListEgress, Field(discriminator="kind")]
"""What may leave the VPC."""


class NetworkSettings(Section):
    """The VPC and its way to the internet."""

    cidr: VpcCidr
    """The VPC's addresses. Stacks that may ever be peered must not overlap."""
    zones: Annotated[tuple[Zone, ...], listing(2, 4, "must name 2 to 4 different zones; add another one of the region")]
    """Availability zones, in order. Add at the end only: a zone's place decides its subnets."""
    nat_gateways: NatGateways
    """One for all zones, or one a zone."""
    interface_endpoints: Annotated[
        tuple[InterfaceEndpoint, ...], listing(0, 9, "must name each service once; remove the repeated one")
    ]
    """AWS services reached inside the VPC. Each costs by the hour and zone; S3 has a gateway endpoint always."""
    egress: Egress
    """Which names may be reached on the internet."""
