"""The words a stack file may use: closed choices, constrained strings, bounded numbers."""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

from components.settings.constraints import Checked, matching, network, one_of
from components.settings.instance_classes import CACHE_NODE_TYPES, DATABASE_CLASSES


class Tier(StrEnum):
    """How much a stack matters; policies ask more of production."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class NatGateways(StrEnum):
    """How many NAT gateways stand between the pods and the internet."""

    SINGLE = "single"
    """One for all zones: cheap, and an outage of its zone cuts every pod off."""
    PER_ZONE = "per_zone"
    """One a zone: a zone's outage stays in that zone."""


class InterfaceEndpoint(StrEnum):
    """An AWS service reached inside the VPC rather than by NAT: the last part of its service name."""

    ECR_API = "ecr.api"
    ECR_DKR = "ecr.dkr"
    STS = "sts"
    SECRETS_MANAGER = "secretsmanager"
    KMS = "kms"
    LOGS = "logs"
    MONITORING = "monitoring"
    XRAY = "xray"
    EKS_AUTH = "eks-auth"


class Insights(StrEnum):
    """CloudWatch Database Insights: `advanced` keeps 15 months of query statistics and costs by vCPU."""

    STANDARD = "standard"
    ADVANCED = "advanced"


class SupportType(StrEnum):
    """What EKS does when the cluster's version leaves standard support: upgrade it, or bill extended support."""

    STANDARD = "STANDARD"
    EXTENDED = "EXTENDED"


class Architecture(StrEnum):
    """The processor of the nodes, and so of every image."""

    ARM64 = "arm64"
    AMD64 = "amd64"


class TlsPolicy(StrEnum):
    """Security policies of the ELB.17 control: TLS 1.2 or later, forward secrecy and authenticated encryption only.

    Source: AWS Foundational Security Best Practices, control ELB.17.
    """

    TLS_1_2_RESTRICTED_POST_QUANTUM = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    TLS_1_2_RESTRICTED = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
    TLS_1_2_RESTRICTED_FIPS_POST_QUANTUM = "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09"
    TLS_1_2_RESTRICTED_FIPS = "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04"
    TLS_1_3_POST_QUANTUM = "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"
    TLS_1_3 = "ELBSecurityPolicy-TLS13-1-3-2021-06"
    TLS_1_3_FIPS_POST_QUANTUM = "ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09"
    TLS_1_3_FIPS = "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04"


class LogLevel(StrEnum):
    """TMI's log level. No `debug`: it logs request bodies and shows panics to clients."""

    INFO = "info"
    WARN = "warn"
    ERROR = "error"


LOG_RETENTIONS: Final = (30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""Days that CloudWatch Logs accepts as a retention, from a month up. Source: PutRetentionPolicy, API reference."""

_LONGEST_COMMON_NAME: Final = 64
"""Source: RFC 5280, upper bounds (ub-common-name)."""
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DAY: Final = "(mon|tue|wed|thu|fri|sat|sun)"
_TIME: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"


_RFC_1918: Final = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")


def _within(ranges: tuple[str, ...]) -> Checked:
    """A network that lies in one of these."""
    wider = [ipaddress.IPv4Network(one) for one in ranges]
    return Checked(
        lambda value: any(ipaddress.IPv4Network(value).subnet_of(one) for one in wider),
        f"must lie in {', '.join(ranges[:-1])} or {ranges[-1]}; choose a network in one of them",
    )


StackName: TypeAlias = Annotated[
    str,
    matching(
        r"[a-z](-?[a-z0-9]){1,19}",
        "must be 2 to 20 lower-case letters, digits and single hyphens, starting with a letter",
        "tmi-dev",
    ),
]
"""The prefix of physical names; short enough for a replication group's limit of 40 characters."""
Name: TypeAlias = Annotated[
    str,
    matching(
        r"[a-z](-?[a-z0-9]){0,19}",
        "must be 1 to 20 lower-case letters, digits and single hyphens, starting with a letter",
        "main",
    ),
]
"""What the program calls one of several things of a kind: it becomes part of logical names, so never change it."""
AccountId: TypeAlias = Annotated[
    str, matching(r"[0-9]{12}", "must be the 12 digits of an AWS account, in quotes", "111111111111")
]
Region: TypeAlias = Annotated[
    str, matching(r"[a-z]{2}(-[a-z]+){1,2}-[1-9]", "must be the name of an AWS region", "eu-west-1")
]
Zone: TypeAlias = Annotated[
    str, matching(r"[a-z]{2}(-[a-z]+){1,2}-[1-9][a-f]", "must be the name of an availability zone", "eu-west-1a")
]
VpcCidr: TypeAlias = Annotated[
    str,
    network(16, 18, "must be an IPv4 network of /16 to /18 with zero host bits", "10.64.0.0/16"),
    _within(_RFC_1918),
]
ClientCidr: TypeAlias = Annotated[
    str,
    network(
        16, 32, "must be an IPv4 network of /16 to /32 with zero host bits, never the whole internet", "203.0.113.0/24"
    ),
]
AnyCidr: TypeAlias = Annotated[
    str, network(8, 32, "must be an IPv4 network of /8 to /32 with zero host bits", "203.0.113.0/24")
]
PrivateCidr: TypeAlias = Annotated[AnyCidr, _within((*_RFC_1918, "100.64.0.0/10"))]
Country: TypeAlias = Annotated[
    str, matching("[A-Z]{2}", "must be the two capital letters of a country (ISO 3166-1)", "DE")
]
EgressDomain: TypeAlias = Annotated[
    str,
    matching(
        rf"(\*\.)?({_LABEL}\.)+[a-z]{{2,63}}",
        "must be a lower-case DNS name, or `*.` and one for every name below it",
        "hooks.example.com",
    ),
]
Domain: TypeAlias = Annotated[
    str, matching(rf"({_LABEL}\.)+[a-z]{{2,63}}", "must be a lower-case DNS name without a wildcard", "tmi.example.com")
]
PublicDomain: TypeAlias = Annotated[
    Domain,
    Checked(
        lambda value: len(value) <= _LONGEST_COMMON_NAME,
        f"is too long for a certificate; choose a name of {_LONGEST_COMMON_NAME} characters at most",
    ),
]
"""A name that can stand as the common name of a certificate."""
HostedZoneId: TypeAlias = Annotated[
    str, matching(r"Z[A-Z0-9]{8,31}", "must be the id of a Route 53 hosted zone", "Z00000000EXAMPLE")
]
RoleArn: TypeAlias = Annotated[
    str,
    matching(
        r"arn:aws:iam::[0-9]{12}:role/[\w+=,.@/-]{1,512}",
        "must be the ARN of an IAM role",
        "arn:aws:iam::111111111111:role/tmi-operators",
    ),
]
Email: TypeAlias = Annotated[
    str, matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "must be an e-mail address", "tmi-operators@example.com")
]
HttpsUrl: TypeAlias = Annotated[
    str, matching(r"https://[^\s/?#@*]+(/[^\s?#]*)?", "must be an https:// address", "https://login.example.com/token")
]
ProviderUrl: TypeAlias = Annotated[
    str,
    matching(
        rf"https://({_LABEL}\.)+[a-z]{{2,63}}(/[^\s?#]*)?",
        "must be an https:// address of a host, without a port: pods reach names, on port 443 alone",
        "https://login.example.com/token",
    ),
]
Origin: TypeAlias = Annotated[
    str,
    matching(
        rf"https://({_LABEL}\.)+[a-z]{{2,63}}(:[0-9]{{1,5}})?",
        "must be the origin of a web page: https://, the host, nothing after it, no wildcard",
        "https://ui.example.com",
    ),
]
ImageTag: TypeAlias = Annotated[
    str,
    matching(
        r"v?[0-9]+\.[0-9]+\.[0-9]+[\w.-]*",
        "must be an exact version, since a moving tag such as `latest` starts no rollout",
        "1.8.22",
    ),
]
PostgresVersion: TypeAlias = Annotated[
    str,
    matching(r"1[5-8]", "must be a major version of PostgreSQL, 15 to 18, in quotes; minors upgrade themselves", "17"),
]
KubernetesVersion: TypeAlias = Annotated[
    str, matching(r"1\.[0-9]{2}", "must be a minor version of Kubernetes that EKS offers, in quotes", "1.35")
]
RedisVersion: TypeAlias = Annotated[
    str, matching(r"7\.[01]", "must be Redis 7.0 or 7.1, in quotes: TMI calls GETDEL, which needs 6.2 or later", "7.1")
]
DatabaseClass: TypeAlias = Annotated[
    str, one_of(tuple(DATABASE_CLASSES), "is no instance class of the table; choose one like 'db.m7g.large'")
]
CacheNodeType: TypeAlias = Annotated[
    str, one_of(CACHE_NODE_TYPES, "is no node type of the table; choose one like 'cache.m7g.large'")
]
RetentionDays: TypeAlias = Annotated[
    int,
    one_of(LOG_RETENTIONS, f"is no retention of CloudWatch Logs; choose one of {', '.join(map(str, LOG_RETENTIONS))}"),
]
DailyWindow: TypeAlias = Annotated[
    str, matching(f"{_TIME}-{_TIME}", "must be a window of the day in UTC", "02:00-03:00")
]
WeeklyWindow: TypeAlias = Annotated[
    str, matching(f"{_DAY}:{_TIME}-{_DAY}:{_TIME}", "must be a window of the week in UTC", "sun:04:00-sun:05:00")
]
RotationLabel: TypeAlias = Annotated[
    str, matching(r"20[0-9]{2}-(0[1-9]|1[0-2])", "must be the year and month of the last rotation", "2026-11")
]
