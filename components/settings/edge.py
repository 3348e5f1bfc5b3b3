"""The sections of the stack file that describe the front door: load balancer and web firewall."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from components.settings.choices import TlsPolicy
from components.settings.constraints import between, listing
from components.settings.model import Section
from components.settings.vocabulary import (
    AnyCidr,
    CertificateArn,
    Country,
    Domain,
    HostedZoneId,
    PrivateCidr,
    PublicDomain,
)


class InternetFacing(Section):
    """Public addresses, open to everybody."""

    kind: Literal["internet_facing"]
    """Reached from the internet."""


class CreatedZone(Section):
    """Private zones of the stack's own, one a name, that the VPC resolves."""

    kind: Literal["created"]
    """Made by the stack. Other networks see the names once their VPCs are associated with the zones."""


class GivenZone(Section):
    """A private zone that exists already."""

    kind: Literal["given"]
    """Kept by somebody else."""
    zone_id: HostedZoneId
    """The zone; it has to hold every name of the load balancer."""


class Internal(Section):
    """Private addresses, open to the networks that are listed."""

    kind: Literal["internal"]
    """Reached from private networks alone."""
    client_cidrs: Annotated[
        tuple[PrivateCidr, ...], listing(1, 20, "must name 1 to 20 different networks; name the one of the users")
    ]
    """Networks of the users. How they reach the VPC (transit gateway, peering, VPN) is not this stack's business."""
    zone: Annotated[CreatedZone | GivenZone, Field(discriminator="kind")]
    """Where the names resolve to the private addresses."""


Scheme: TypeAlias = Annotated[InternetFacing | Internal, Field(discriminator="kind")]
"""Who can reach the load balancer."""


class RequestedCertificate(Section):
    """A certificate of the stack's own."""

    kind: Literal["requested"]
    """ACM is asked for it, and the stack proves the names."""


class ExistingCertificate(Section):
    """A certificate that another region's stack keeps here."""

    kind: Literal["existing"]
    """It is there and proved already."""
    arn: CertificateArn
    """The certificate, for all names, in this region."""


class LoadBalancerSettings(Section):
    """The front door."""

    scheme: Scheme
    """Who can reach it."""
    domain: PublicDomain
    """TMI's public host name."""
    alternative_names: Annotated[
        tuple[Domain, ...], listing(0, 9, "must name at most 9 different domains; remove repeated ones")
    ]
    """Other names on the certificate, each an alias record in the same zone."""
    zone_id: HostedZoneId
    """The public Route 53 zone of the domain: it proves the certificate, also where the load balancer is internal."""
    certificate: Annotated[RequestedCertificate | ExistingCertificate, Field(discriminator="kind")]
    """What proves these names to browsers."""
    takes_over: bool
    """Whether this stack points the names to itself although another stack made their records: for recovery alone."""
    caa_record: bool
    """Whether records in that zone let Amazon alone issue certificates for these names and all below them.

    False where others must too, or where such records stand already.
    """
    tls_policy: TlsPolicy = TlsPolicy.TLS_1_2_RESTRICTED_POST_QUANTUM
    """The security policy of the HTTPS listener."""
    idle_timeout_seconds: Annotated[int, between(60, 3600, "seconds")]
    """How long a connection may be silent. TMI pings WebSockets every 30 s."""
    log_retention_days: Annotated[int, between(30, 3650, "days")]
    """How long access and connection logs are kept in S3."""


class RateLimitSettings(Section):
    """Requests of one address in five minutes; more are answered 429. An office behind one address counts as one."""

    site: Annotated[int, between(100, 2_000_000, "requests")]
    """All paths together."""
    root: Annotated[int, between(10, 100_000, "requests")]
    """Exactly `/`, which costs TMI 0.35 s of CPU wherever the pod's cache does not answer."""
    login: Annotated[int, between(10, 100_000, "requests")]
    """Below `/oauth2/` and `/saml/`: TMI limits only part of them, and by state or user rather than by address."""
    token: Annotated[int, between(10, 100_000, "requests")]
    """`/oauth2/token` and `/oauth2/refresh`, where secrets and codes could be guessed."""


class WebFirewallSettings(Section):
    """AWS WAF in front of the load balancer."""

    rate_limits: RateLimitSettings
    """How much one address may ask for."""
    allowed_countries: Annotated[
        tuple[Country, ...], listing(0, 50, "must name at most 50 different countries; remove repeated ones")
    ]
    """Where users come from. A request from elsewhere is refused; empty admits every country."""
    allowed_networks: Annotated[
        tuple[AnyCidr, ...], listing(0, 1000, "must name at most 1000 different networks; remove repeated ones")
    ]
    """Networks of users, wherever they are. With countries too, either is enough; with neither, everybody is let in."""
