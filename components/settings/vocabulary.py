"""The words a stack file may use: constrained texts and numbers. Closed choices are in `choices`."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Final, TypeAlias

from components.settings.constraints import Checked, matching, network, one_of
from components.settings.instance_classes import CACHE_NODE_TYPES, DATABASE_CLASSES

LOG_RETENTIONS: Final = (30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""Days that CloudWatch Logs accepts as a retention, from a month up. Source: PutRetentionPolicy, API reference."""

_LONGEST_COMMON_NAME: Final = 64
"""Source: RFC 5280, upper bounds (ub-common-name)."""
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DAY: Final = "(mon|tue|wed|thu|fri|sat|sun)"
_TIME: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"


_PRIVATE_NAMES: Final = (".internal", ".local", ".localhost", ".home.arpa")
"""Source: IANA, Special-Use Domain Names; ICANN resolution 2024.07.29.06 (`.internal`)."""
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
CertificateArn: TypeAlias = Annotated[
    str,
    matching(
        r"arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}",
        "must be the ARN of a certificate of ACM",
        "arn:aws:acm:eu-central-1:222222222222:certificate/00000000-0000-0000-0000-000000000000",
    ),
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
    Checked(
        lambda value: not value.removeprefix("https://").partition("/")[0].endswith(_PRIVATE_NAMES),
        "is a name of private networks, and TMI connects to no private address; name a host of the internet",
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
ClientCallback: TypeAlias = Annotated[
    str,
    matching(
        rf"(https://({_LABEL}\.)+[a-z]{{2,63}}|http://(localhost|127\.0\.0\.1))(:[0-9]{{1,5}})?/[^\s,?#*]*\*?",
        "must be an https:// address, or one of the user's own machine, with a path and no `*` but at its end: TMI "
        "compares beginnings, and without the slash a longer host name would match as well",
        "https://ui.example.com/*",
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
PostgresMinor: TypeAlias = Annotated[
    str, matching(r"1[5-8]\.[0-9]{1,2}", "must be an exact version of PostgreSQL, 15 to 18, in quotes", "17.6")
]
DatabaseIdentifier: TypeAlias = Annotated[
    str, matching(r"[a-z](-?[a-z0-9]){0,62}", "must be the name of a server in RDS", "tmi-prod-main")
]
SnapshotIdentifier: TypeAlias = Annotated[
    str,
    matching(
        r"(rds:)?[A-Za-z](-?[A-Za-z0-9]){0,254}|arn:aws:rds:[a-z0-9-]+:[0-9]{12}:snapshot:[\w:-]+",
        "must be the name or the ARN of a snapshot",
        "rds:tmi-prod-main-2026-11-01-02-10",
    ),
]
AutomatedBackupArn: TypeAlias = Annotated[
    str,
    matching(
        r"arn:aws:rds:[a-z0-9-]+:[0-9]{12}:auto-backup:ab-[a-z0-9]+",
        "must be the ARN of replicated automated backups",
        "arn:aws:rds:eu-central-1:222222222222:auto-backup:ab-0000example",
    ),
]
RestoreTime: TypeAlias = Annotated[
    str,
    matching(
        r"latest|20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z",
        "must be a moment in UTC, in quotes, or latest",
        "2026-11-27T03:00:00Z",
    ),
]
SecretArn: TypeAlias = Annotated[
    str,
    matching(
        r"arn:aws:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[\w/+=.@-]+",
        "must be the ARN of a secret",
        "arn:aws:secretsmanager:eu-central-1:222222222222:secret:settings-key-AbCdEf",
    ),
]
KeyArn: TypeAlias = Annotated[
    str,
    matching(
        r"arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9a-f-]{36}",
        "must be the ARN of a KMS key",
        "arn:aws:kms:eu-central-1:222222222222:key/00000000-0000-0000-0000-000000000000",
    ),
]
DailyTime: TypeAlias = Annotated[str, matching(_TIME, "must be a time of the day in UTC, in quotes", "03:00")]
ValkeyVersion: TypeAlias = Annotated[str, matching(r"8\.[0-2]", "must be Valkey 8.0 to 8.2, in quotes", "8.0")]
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
