"""Names: which of them TMI may connect to, and which may be looked up in the VPC at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from components.settings.network import AllowListEgress, Egress
from components.settings.server import OidcProviderSettings


@dataclass(frozen=True, slots=True)
class AwsDomain:
    """Names of AWS that the platform looks up."""

    pattern: str
    """`*.` and a domain: every name below it. `{region}` stands for the stack's region."""
    why: str
    """Who looks them up, and why the pattern is no narrower."""


_WILDCARD: Final = "*."

AWS_DOMAINS: Final = (
    AwsDomain(
        "*.{region}.amazonaws.com",
        "The APIs of the region: EC2, EKS, STS, ECR and the bucket with its layers, KMS, Secrets Manager, CloudWatch "
        "Logs and metrics, X-Ray. Which of them a node of Auto Mode needs to start is AWS's to change, so they are not "
        "told apart. Everybody's buckets and gateways of the region are among them; but AWS alone answers for these "
        "names, so a lookup carries nothing to anybody else.",
    ),
    AwsDomain(
        "*.{region}.api.aws",
        "APIs with newer names, EKS Auth above all: it hands out the credentials of EKS Pod Identity. "
        "Source: Amazon EKS endpoints and quotas, AWS General Reference.",
    ),
    AwsDomain(
        "*.{region}.eks.amazonaws.com",
        "The Kubernetes API, for nodes and add-ons. Source: Amazon EKS User Guide, private clusters.",
    ),
    AwsDomain("*.{region}.rds.amazonaws.com", "PostgreSQL, for TMI and for the job that prepares it."),
    AwsDomain(
        "*.cache.amazonaws.com",
        "Redis, for TMI's proxy. ElastiCache writes the region as a code of its own (`euw1`), so it is left out.",
    ),
)
"""What the platform itself looks up, each with its reason.

Global names such as `sts.amazonaws.com` are left out: credentials come from EKS Auth, and each of these services has
an endpoint in the region. Nodes ask a link-local address for the time before any name.
Source: bottlerocket-os/bottlerocket#3496.
"""

_INSTANCES_OF_VIRGINIA: Final = AwsDomain("*.ec2.internal", "The same in us-east-1.")
_INSTANCES: Final = AwsDomain(
    "*.{region}.compute.internal",
    "Private names of instances, answered in the VPC. It is also the search domain that nodes hand on to pods: a name "
    "that CoreDNS does not know is tried below it, and is best denied by Resolver as it always was. "
    "Source: Amazon EC2 User Guide, EC2 instance hostname types.",
)


def aws_domains(region: str) -> tuple[AwsDomain, ...]:
    """What the platform itself looks up in a region."""
    instances = _INSTANCES_OF_VIRGINIA if region == "us-east-1" else _INSTANCES
    domains = (*AWS_DOMAINS, instances)
    return tuple(AwsDomain(domain.pattern.format(region=region), domain.why) for domain in domains)


def destinations(egress: Egress, providers: Iterable[OidcProviderSettings]) -> tuple[str, ...] | None:
    """The names TMI may connect to, sorted; None where it may reach every address of the internet.

    They are the names of the stack file and the hosts of its identity providers. AWS is not among them: TMI calls no
    AWS service, and it reaches PostgreSQL and Redis by their addresses.
    """
    if not isinstance(egress, AllowListEgress):
        return None
    return condensed([*egress.domains, *(host for provider in providers for host in hosts(provider))])


def resolvable(region: str, egress: Egress, providers: Iterable[OidcProviderSettings]) -> tuple[str, ...]:
    """The names the stack needs to look up, sorted: those that TMI connects to, if named, and the platform's own."""
    own = (domain.pattern for domain in aws_domains(region))
    return condensed([*(destinations(egress, providers) or ()), *own])


def hosts(provider: OidcProviderSettings) -> tuple[str, ...]:
    """The hosts of all addresses of a provider: which of them TMI itself fetches, is TMI's to change."""
    addresses = (
        provider.issuer,
        provider.authorization_url,
        provider.token_url,
        provider.jwks_url,
        provider.userinfo_url,
    )
    return tuple(host for address in addresses if (host := urlsplit(address).hostname))


def covers(pattern: str, domain: str) -> bool:
    """Whether a pattern stands for every name that another one stands for.

    A wildcard stands for the names below its domain, however deep, and not for the domain itself. Source: definition
    of DomainName in aws/amazon-network-policy-controller-k8s.
    """
    below = pattern.startswith(_WILDCARD) and domain.removeprefix(_WILDCARD).endswith(pattern.removeprefix("*"))
    return below or pattern == domain


def condensed(domains: Iterable[str]) -> tuple[str, ...]:
    """The same names with fewer patterns: sorted, each once, none that another one covers."""
    unique = set(domains)
    return tuple(sorted(one for one in unique if not any(other != one and covers(other, one) for other in unique)))
