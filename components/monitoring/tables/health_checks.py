"""What is watched from outside: whether each name of TMI answers in the regions that Route 53 asks from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi

from components.monitoring.rows import Alarm, Comparison, Metric, MissingData, Severity

METRICS_REGION: Final = "us-east-1"
"""The one region that has the metrics of health checks, whatever they ask and from where. Source: Amazon Route 53
Developer Guide, monitoring health checks using CloudWatch."""
INTERVAL_SECONDS: Final = 30
FAILURES: Final = 3
"""So many answers in a row are missed before a checker counts the name as gone."""


def outside(health_checks: Mapping[str, pulumi.Input[str]]) -> tuple[Alarm, ...]:
    """A row for each name, by the id of its health check."""
    return tuple(_unreachable(domain, identity) for domain, identity in sorted(health_checks.items()))


def _unreachable(domain: str, identity: pulumi.Input[str]) -> Alarm:
    return Alarm(
        name=f"outside-{domain}",
        meaning=f"{domain} does not answer on the internet, whatever the alarms of the stack's own region say.",
        metrics={
            "healthy": Metric(
                namespace="AWS/Route53",
                name="HealthCheckStatus",
                statistic="Minimum",
                dimensions={"HealthCheckId": identity},
            )
        },
        expression=None,
        comparison=Comparison.BELOW,
        threshold=1,
        reason=(
            "1 while more than 18 % of the checkers have an answer (Amazon Route 53 Developer Guide, how Route 53 "
            f"determines whether a health check is healthy); each gives up after {FAILURES} misses in "
            f"{FAILURES * INTERVAL_SECONDS} s. Three minutes, our figure, so that the page of the stack's own region "
            "comes first where there is one."
        ),
        period_seconds=60,
        periods=3,
        bad_periods=3,
        missing=MissingData.BAD,
        severity=Severity.PAGE,
        runbook="outside",
    )
