"""What is watched at the front door of the pods of one role: whether they are well, and how they answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi

from components.monitoring.rows import (
    Alarm,
    Chart,
    Comparison,
    Incident,
    Metric,
    MissingData,
    Severity,
    Signal,
    Watched,
)
from components.monitoring.tables.edge import ANSWERS_FLOOR
from components.server.roles import Role

_DOWN: Final[Mapping[Role, str]] = {
    Role.HUB: "Logins, collaboration and edits of diagrams are down; all of TMI where no pool stands beside the hub",
    Role.POOL: "All of TMI but logins, collaboration and edits of diagrams is down",
}
"""What is missing without any pod of a role."""
_SLOW: Final = (
    ("p50", 0.5, ANSWERS_FLOOR, Severity.TICKET),
    ("p95", 2.0, ANSWERS_FLOOR, Severity.PAGE),
    ("p99", 5.0, 100, Severity.TICKET),
)
"""Percentile, seconds, requests a minute from which it says something, severity."""


def targets(role: Role, load_balancer: pulumi.Input[str], target_group: pulumi.Input[str]) -> Watched:
    """The pods of one role as the load balancer sees them; the last two arguments are ARN suffixes."""

    def metric(name: str, statistic: str) -> Metric:
        dimensions = {"LoadBalancer": load_balancer, "TargetGroup": target_group}
        return Metric(namespace="AWS/ApplicationELB", name=name, statistic=statistic, dimensions=dimensions)

    well = {"healthy": metric("HealthyHostCount", "Maximum"), "unhealthy": metric("UnHealthyHostCount", "Maximum")}
    return Watched(
        alarms=(
            _no_healthy(role, well["healthy"]),
            _unhealthy(role, metric("UnHealthyHostCount", "Minimum")),
            _errors(role, metric("HTTPCode_Target_5XX_Count", "Sum"), metric("RequestCount", "Sum")),
            *(
                _latency(role, each, metric("TargetResponseTime", each[0]), metric("RequestCount", "Sum"))
                for each in _SLOW
            ),
        ),
        charts=(
            Chart(
                title=f"Requests of the {role.value} (1 min)",
                signal=Signal.TRAFFIC,
                lines={"requests": metric("RequestCount", "Sum")},
            ),
            Chart(title=f"Pods of the {role.value} behind the balancer", signal=Signal.SATURATION, lines=well),
        ),
    )


def _no_healthy(role: Role, healthy: Metric) -> Alarm:
    return Alarm(
        name=f"{role.value}-no-healthy-target",
        meaning=f"{_DOWN[role]}: the load balancer has no healthy pod to send its requests to.",
        metrics={"healthy": healthy},
        expression=None,
        comparison=Comparison.BELOW,
        threshold=1,
        reason=(
            "One healthy pod serves them. The maximum, since each node of the load balancer counts by itself (User "
            "Guide for Application Load Balancers, CloudWatch metrics). Our figure: three minutes, since a single pod "
            "that is replaced is away for one or two."
        ),
        period_seconds=60,
        periods=3,
        bad_periods=3,
        missing=MissingData.BAD,
        severity=Severity.PAGE,
        runbook="no-healthy-target",
        incident=Incident.SERVICE,
    )


def _unhealthy(role: Role, unhealthy: Metric) -> Alarm:
    return Alarm(
        name=f"{role.value}-unhealthy-target",
        meaning=f"A pod of the {role.value} has failed its health check for a quarter of an hour.",
        metrics={"unhealthy": unhealthy},
        expression=None,
        comparison=Comparison.ABOVE,
        threshold=0,
        reason=(
            "The minimum: every node of the load balancer agrees, as AWS recommends (User Guide for Application Load "
            "Balancers, CloudWatch metrics). Our figure: Kubernetes restarts a pod that is not alive within minutes, "
            "so a quarter of an hour is one that nobody mends."
        ),
        period_seconds=60,
        periods=15,
        bad_periods=15,
        missing=MissingData.GOOD,
        severity=Severity.TICKET,
        runbook="no-healthy-target",
    )


def _errors(role: Role, errors: Metric, requests: Metric) -> Alarm:
    return Alarm(
        name=f"{role.value}-server-errors",
        meaning=f"More than 5 % of the {role.value}'s answers are 5xx: users see failures, as in a Redis outage.",
        metrics={"errors": errors, "requests": requests},
        # CloudWatch reports no count of errors for a minute without one, hence FILL.
        expression=f"IF(requests >= {ANSWERS_FLOOR}, 100 * FILL(errors, 0) / requests, 0)",
        comparison=Comparison.ABOVE,
        threshold=5,
        reason=(
            f"Percent, from {ANSWERS_FLOOR} requests a minute up, so that no single failure fires it. Three "
            "minutes of five: FILL reads a late count as none, and one such minute must not silence the alarm (Amazon "
            "CloudWatch User Guide, using metric math). Our figures."
        ),
        period_seconds=60,
        periods=5,
        bad_periods=3,
        missing=MissingData.GOOD,
        severity=Severity.PAGE,
        runbook="server-errors",
        incident=Incident.SERVICE,
        graph="Answers 5xx of the pods (%)",
        signal=Signal.ERRORS,
    )


def _latency(role: Role, slow: tuple[str, float, int, Severity], answered: Metric, requests: Metric) -> Alarm:
    percentile, seconds, floor, severity = slow
    return Alarm(
        name=f"{role.value}-latency-{percentile}",
        meaning=f"The {role.value} is slow: {percentile} of its answers is above {seconds:g} s.",
        metrics={"answered": answered, "requests": requests},
        expression=f"IF(requests >= {floor}, answered, 0)",
        comparison=Comparison.ABOVE,
        threshold=seconds,
        reason=(
            f"Seconds, from {floor} requests a minute up; our figures. Lists of 20 threat models took 0.2 s at p95 "
            "with eight clients at once (docs/reference/sizing.md). Ten minutes of fifteen: a pod that starts is slow "
            "for a few."
        ),
        period_seconds=60,
        periods=15,
        bad_periods=10,
        missing=MissingData.GOOD,
        severity=severity,
        runbook="latency",
        incident=Incident.SERVICE if severity is Severity.PAGE else None,
        graph=f"Time to answer, {percentile} (s)",
        signal=Signal.LATENCY,
    )
