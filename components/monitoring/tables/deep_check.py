"""What is watched of the canary: whether its deep check passes, and whether it runs at all."""

from __future__ import annotations

from typing import Final

from components.monitoring.rows import (
    SILENT,
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

NAMESPACE: Final = "CloudWatchSynthetics"
"""Where Synthetics counts runs. Source: Amazon CloudWatch User Guide, metrics published by canaries."""


def deep_check(canary: str) -> Watched:
    """The canary of that name."""

    def metric(name: str, statistic: str) -> Metric:
        return Metric(namespace=NAMESPACE, name=name, statistic=statistic, dimensions={"CanaryName": canary})

    passed = metric("SuccessPercent", "Average")
    return Watched(
        alarms=(_failed(passed), _silent(passed)),
        charts=(
            Chart(
                title="Time of a deep check (ms)",
                signal=Signal.LATENCY,
                lines={"deep check": metric("Duration", "Average")},
            ),
        ),
    )


def _failed(passed: Metric) -> Alarm:
    return Alarm(
        name="deep-check-failed",
        meaning="TMI says that it is not well, refuses a login, or does not find a threat model that it keeps.",
        metrics={"passed": passed},
        expression=None,
        comparison=Comparison.BELOW,
        threshold=100,
        reason=(
            "Percent of the runs of a minute, and there is one. Three of four: a run at the moment of a restart or a "
            "failover may fail, and one that is late must not silence the alarm. Our figure."
        ),
        period_seconds=60,
        periods=4,
        bad_periods=3,
        missing=MissingData.UNKNOWN,
        severity=Severity.PAGE,
        runbook="deep-check",
        incident=Incident.SERVICE,
        graph="Deep checks passed (%)",
        signal=Signal.ERRORS,
    )


def _silent(passed: Metric) -> Alarm:
    return Alarm(
        name="deep-check-silent",
        meaning="The canary has not run for half an hour: nobody would see that TMI answers with empty lists.",
        metrics={"passed": passed},
        expression=SILENT.format("passed"),
        comparison=Comparison.BELOW,
        threshold=0,
        reason="No share is below none, so silence alone fires it. It runs each minute; half an hour is our figure.",
        period_seconds=300,
        periods=6,
        bad_periods=6,
        missing=MissingData.BAD,
        severity=Severity.TICKET,
        runbook="deep-check",
    )
