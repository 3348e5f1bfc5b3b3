"""The alarms as data: what each means, when it fires, why there, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pulumi

from components.database import DatabaseInstance
from components.server.roles import Role
from components.settings.instance_classes import max_connections, usable_connections

_ANSWERS_FLOOR: Final = 20
"""Requests a minute below which a share of failures says nothing: one alone would be five percent or more."""
_STORAGE_SHARE: Final = 0.1
_EVICTED: Final = 100
_DOWN: Final[Mapping[Role, str]] = {
    Role.HUB: "Logins, collaboration and edits of diagrams are down; all of TMI where no pool stands beside the hub",
    Role.POOL: "All of TMI but logins, collaboration and edits of diagrams is down",
}
"""What is missing without any pod of a role."""


class Severity(StrEnum):
    """How soon a person has to look."""

    PAGE = "page"
    """Now, at any hour."""


class Comparison(StrEnum):
    """On which side of the threshold it is bad."""

    ABOVE = "GreaterThanThreshold"
    BELOW = "LessThanThreshold"


class MissingData(StrEnum):
    """What silence of a metric means."""

    BAD = "breaching"
    """Nothing reports because nothing is there."""
    GOOD = "notBreaching"
    """Nothing reports because nothing happened."""
    UNKNOWN = "missing"
    """Another alarm watches for silence; this one says that it has no data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A metric of CloudWatch with a statistic."""

    namespace: str
    """Whose it is, as in `AWS/RDS`."""
    name: str
    """Its name there."""
    statistic: str
    """How the values of a period become one."""
    dimensions: Mapping[str, pulumi.Input[str]]
    """What it is measured on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One row of the table."""

    name: str
    """What it watches and what for; unique in the stack."""
    meaning: str
    """What is wrong when it fires, for whoever gets the message."""
    metrics: Mapping[str, Metric]
    """By the id that the expression uses, a lower-case word."""
    expression: str | None
    """Metric math over those; none where the only metric is compared itself."""
    comparison: Comparison
    """Which side of the threshold is bad."""
    threshold: float
    """In the unit of the metric or expression."""
    reason: str
    """Why there, and the source of the figure."""
    period_seconds: int
    """The length of a period."""
    periods: int
    """How many of the last periods are looked at."""
    bad_periods: int
    """How many of them have to be bad."""
    missing: MissingData
    """What silence means."""
    severity: Severity
    """How soon a person has to look."""
    runbook: str
    """What to do: `docs/runbooks/<runbook>.md`."""


def target_alarms(role: Role, load_balancer: pulumi.Input[str], target_group: pulumi.Input[str]) -> tuple[Alarm, ...]:
    """What is watched at the front door of pods of one role; the last two arguments are ARN suffixes."""

    def metric(name: str, statistic: str) -> Metric:
        dimensions = {"LoadBalancer": load_balancer, "TargetGroup": target_group}
        return Metric(namespace="AWS/ApplicationELB", name=name, statistic=statistic, dimensions=dimensions)

    return (
        Alarm(
            name=f"{role.value}-no-healthy-target",
            meaning=f"{_DOWN[role]}: the load balancer has no healthy pod to send its requests to.",
            metrics={"healthy": metric("HealthyHostCount", "Maximum")},
            expression=None,
            comparison=Comparison.BELOW,
            threshold=1,
            reason=(
                "One healthy pod serves them. The maximum, since each node of the load balancer counts by itself. "
                "Three minutes, since a single pod that is replaced is away for one or two."
            ),
            period_seconds=60,
            periods=3,
            bad_periods=3,
            missing=MissingData.BAD,
            severity=Severity.PAGE,
            runbook="no-healthy-target",
        ),
        Alarm(
            name=f"{role.value}-server-errors",
            meaning=f"More than 5 % of the {role.value}'s answers are 5xx: users see failures, as in a Redis outage.",
            metrics={"errors": metric("HTTPCode_Target_5XX_Count", "Sum"), "requests": metric("RequestCount", "Sum")},
            # CloudWatch reports no count of errors for a minute without one, hence FILL.
            expression=f"IF(requests >= {_ANSWERS_FLOOR}, 100 * FILL(errors, 0) / requests, 0)",
            comparison=Comparison.ABOVE,
            threshold=5,
            reason=(
                f"Percent, from {_ANSWERS_FLOOR} requests a minute up, so that no single failure fires it. Three "
                "minutes of five: FILL reads a late count as none, and one such minute must not silence the alarm."
            ),
            period_seconds=60,
            periods=5,
            bad_periods=3,
            missing=MissingData.GOOD,
            severity=Severity.PAGE,
            runbook="server-errors",
        ),
    )


def database_alarms(key: str, instance: DatabaseInstance) -> tuple[Alarm, ...]:
    """What is watched on a primary or a replica; `key` is its name in the stack."""

    def metric(name: str, statistic: str) -> Metric:
        dimensions = {"DBInstanceIdentifier": instance.identifier}
        return Metric(namespace="AWS/RDS", name=name, statistic=statistic, dimensions=dimensions)

    limit = max_connections(instance.instance_class)
    return (
        Alarm(
            name=f"{key}-storage",
            meaning="PostgreSQL runs out of storage and RDS did not add any: it stops when none is left.",
            metrics={"free": metric("FreeStorageSpace", "Minimum")},
            expression=None,
            comparison=Comparison.BELOW,
            threshold=instance.storage_gib * 2**30 * _STORAGE_SHARE,
            reason=(
                "Bytes: a tenth of the storage it started with. RDS adds storage when a tenth has been left for five "
                "minutes, but not beyond the ceiling nor within six hours of the last time (Amazon RDS User Guide, "
                "storage autoscaling); half an hour later it did not."
            ),
            period_seconds=300,
            periods=6,
            bad_periods=6,
            missing=MissingData.UNKNOWN,
            severity=Severity.PAGE,
            runbook="database-storage",
        ),
        Alarm(
            name=f"{key}-connections",
            meaning="PostgreSQL is near its limit of connections, or gone: TMI then shows empty lists, not errors.",
            metrics={"connections": metric("DatabaseConnections", "Maximum")},
            expression=None,
            comparison=Comparison.ABOVE,
            threshold=usable_connections(instance.instance_class),
            reason=(
                f"70 % of {limit}, which is LEAST(memory / 9531392, 5000) for the class's nominal memory (Amazon RDS "
                "User Guide, quotas and constraints); RDS computes with a little less. RDS reports every minute, so "
                "five silent ones mean that the server is down."
            ),
            period_seconds=60,
            periods=5,
            bad_periods=5,
            missing=MissingData.BAD,
            severity=Severity.PAGE,
            runbook="database-connections",
        ),
    )


def cache_alarms(number: str, member: pulumi.Input[str]) -> tuple[Alarm, ...]:
    """What is watched on a node of Redis; `number` is the one that AWS gave it."""

    def metric(name: str, statistic: str) -> Metric:
        return Metric(
            namespace="AWS/ElastiCache", name=name, statistic=statistic, dimensions={"CacheClusterId": member}
        )

    return (
        Alarm(
            name=f"cache-{number}-memory",
            meaning="Redis is nearly full or evicts already: a revoked token that is evicted is valid again.",
            metrics={
                "memory": metric("DatabaseMemoryUsagePercentage", "Maximum"),
                "evictions": metric("Evictions", "Sum"),
            },
            expression=f"IF(evictions > 0, {_EVICTED}, memory)",
            comparison=Comparison.ABOVE,
            threshold=80,
            reason=(
                f"Percent of maxmemory; any eviction counts as {_EVICTED}. With volatile-ttl Redis evicts only when it "
                "is full, so the last fifth is the time to act before anything is lost."
            ),
            period_seconds=300,
            periods=1,
            bad_periods=1,
            missing=MissingData.UNKNOWN,
            severity=Severity.PAGE,
            runbook="cache-memory",
        ),
    )
