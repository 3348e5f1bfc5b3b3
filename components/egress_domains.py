"""Names: which of them TMI may connect to, and which may be looked up in the VPC at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from components.settings.content_addresses import source_hosts
from components.settings.names import covers
from components.settings.network import AllowListEgress, Egress
from components.settings.operation import AlertingWebhook, ListedHosts
from components.settings.provider_addresses import addresses
from components.settings.server import ServerSettings
from components.settings.timmy import model_hosts


@dataclass(frozen=True, slots=True)
class AwsDomain:
    """Names of AWS that the platform looks up."""

    pattern: str
    """`*.` and a domain: every name below it. `{region}` stands for the stack's region."""
    why: str
    """Who looks them up, and why the pattern is no narrower."""


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


def destinations(egress: Egress, server: ServerSettings) -> tuple[str, ...] | None:
    """The names TMI may connect to, sorted; None where it may reach every address of the internet.

    They are the names of the stack file and those of everybody whom TMI's own settings name. AWS is not among them: TMI
    calls no AWS service, and it reaches PostgreSQL and Redis by their addresses.
    """
    if not isinstance(egress, AllowListEgress):
        return None
    return condensed([*egress.domains, *hosts(server)])


def resolvable(region: str, egress: Egress, server: ServerSettings) -> tuple[str, ...]:
    """The names the stack needs to look up, sorted: those that TMI connects to, if named, and the platform's own."""
    own = (domain.pattern for domain in aws_domains(region))
    return condensed([*(destinations(egress, server) or ()), *own])


def hosts(server: ServerSettings) -> tuple[str, ...]:
    """Whom TMI calls because of its settings: identity providers, keepers of documents, models, receivers of alerts.

    A provider of SAML is not among them: browsers alone go there, and its metadata stands in the stack file. Nor are
    hosts of issues, which TMI never fetches.
    """
    alerts = (server.alerting.url,) if isinstance(server.alerting, AlertingWebhook) else ()
    fetched = (server.outbound.documents, server.outbound.repositories, server.outbound.timmy)
    return (
        *(host for provider in server.oauth_providers.values() for host in addresses(provider).hosts),
        *source_hosts(server.content.sources),
        *model_hosts(server.timmy),
        *(host for url in alerts if (host := urlsplit(url).hostname)),
        *(host for listed in fetched if isinstance(listed, ListedHosts) for host in listed.hosts),
    )


def condensed(domains: Iterable[str]) -> tuple[str, ...]:
    """The same names with fewer patterns: sorted, each once, none that another one covers."""
    unique = set(domains)
    return tuple(sorted(one for one in unique if not any(other != one and covers(other, one) for other in unique)))
