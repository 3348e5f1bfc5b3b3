"""What is watched for users as a whole: how fast failures and slow answers use up what the objectives allow.

An error budget is what an objective leaves to 100 percent. Its burn is how many times faster than allowed it goes: 1
uses it up in exactly the window of the objective. A burn counts while both a long and a short span have it: the long
one says that it matters, the short one that it is still going on. Source: Google, The Site Reliability Workbook,
alerting on SLOs, multiwindow multi-burn-rate alerts.

The load balancer counts. It cannot see what TMI answers wrongly with 200, as while PostgreSQL is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from components.monitoring.rows import (
    Alarm,
    Chart,
    Comparison,
    Formula,
    Incident,
    Metric,
    MissingData,
    Severity,
    Signal,
    Watched,
)

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
_FEWEST: Final = 10
"""So many bad answers are a pattern. Without a floor a single one would use up the budget of a quiet night. Ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How fast a budget may go before somebody is told."""

    name: str
    """Its part of the names of alarms: the long span."""
    spent: float
    """The part of the whole budget that is gone when the long span is over."""
    long_seconds: int
    """The span that says that it matters."""
    short_seconds: int
    """A twelfth of it, which says that it is still going on."""
    severity: Severity
    """How soon a person has to look."""


PACES: Final = (
    Pace(name="1h", spent=0.02, long_seconds=_HOUR, short_seconds=_HOUR // 12, severity=Severity.PAGE),
    Pace(name="6h", spent=0.05, long_seconds=6 * _HOUR, short_seconds=_HOUR // 2, severity=Severity.PAGE),
    Pace(name="1d", spent=0.10, long_seconds=_DAY, short_seconds=2 * _HOUR, severity=Severity.TICKET),
    Pace(name="3d", spent=0.10, long_seconds=3 * _DAY, short_seconds=6 * _HOUR, severity=Severity.TICKET),
)
"""The workbook's figures: over 30 days burns of 14.4, 6, 3 and 1. The last is a span of more than a day, at which
CloudWatch looks once an hour. Source: Amazon CloudWatch User Guide, how alarms are evaluated, multi-day alarms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Objectives:
    """What users may expect, and of which load balancer."""

    load_balancer: pulumi.Input[str]
    """Its ARN suffix."""
    window_days: int
    """The span that is counted over."""
    availability_percent: float
    """How many requests are answered without a failure."""
    latency_milliseconds: int
    """How soon a request counts as answered in time."""
    latency_percent: float
    """How many requests are answered in time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Objective:
    """One of them."""

    name: str
    """Its part of the names of alarms."""
    bad_answers: str
    """What uses up its budget, for people."""
    budget: float
    """What it leaves to 100 percent."""
    window_days: int
    """The span that it is counted over."""
    metrics: dict[str, Metric]
    """What its answers are counted by."""
    bad: str
    """How many answers were bad, over those metrics."""
    total: str
    """Of how many."""
    burns_title: str
    """The graph of its burns."""
    signal: Signal
    """What that tells."""


def burn(pace: Pace, window_days: int) -> float:
    """How many times faster than allowed a budget goes at this pace."""
    return round(pace.spent * window_days * _DAY / pace.long_seconds, 2)


def budget(percent: float) -> float:
    """What an objective leaves to 100 percent, without the noise of binary fractions."""
    return round(100 - percent, 4)


def objectives(wanted: Objectives) -> Watched:
    """The burn of each objective at each pace, and what is left of its budget."""
    both = (_availability(wanted), _latency(wanted))
    return Watched(
        alarms=tuple(
            _alarm(each, pace, span, fewest)
            for each in both
            for pace in PACES
            for span, fewest in (("long", _FEWEST), ("short", 1))
        ),
        charts=(
            Chart(
                title="Requests and failures (1 min)",
                signal=Signal.TRAFFIC,
                lines={
                    "requests": _metric(wanted, "RequestCount"),
                    "failed pods": _metric(wanted, "HTTPCode_Target_5XX_Count"),
                    "failed balancer": _metric(wanted, "HTTPCode_ELB_5XX_Count"),
                },
            ),
            Chart(
                title="Error budget left (%)",
                signal=Signal.SATURATION,
                lines={each.name: budget_left(each) for each in both},
                days=wanted.window_days,
            ),
        ),
    )


def _metric(wanted: Objectives, name: str, statistic: str = "Sum") -> Metric:
    return Metric(
        namespace="AWS/ApplicationELB",
        name=name,
        statistic=statistic,
        dimensions={"LoadBalancer": wanted.load_balancer},
    )


def _availability(wanted: Objectives) -> _Objective:
    return _Objective(
        name="availability",
        bad_answers="failures (5xx)",
        budget=budget(wanted.availability_percent),
        window_days=wanted.window_days,
        metrics={
            "requests": _metric(wanted, "RequestCount"),
            "pods": _metric(wanted, "HTTPCode_Target_5XX_Count"),
            "balancer": _metric(wanted, "HTTPCode_ELB_5XX_Count"),
        },
        # Failures are reported only when there are any. A request that no target took is not in RequestCount.
        bad="(FILL(pods, 0) + FILL(balancer, 0))",
        total="(FILL(requests, 0) + FILL(balancer, 0))",
        burns_title="Budget burn: failures",
        signal=Signal.ERRORS,
    )


def _latency(wanted: Objectives) -> _Objective:
    seconds = wanted.latency_milliseconds / 1000
    return _Objective(
        name="latency",
        bad_answers=f"answers slower than {seconds:g} s",
        budget=budget(wanted.latency_percent),
        window_days=wanted.window_days,
        metrics={
            "requests": _metric(wanted, "RequestCount"),
            # Percent of the values up to this one. Source: Amazon CloudWatch User Guide, statistics definitions.
            "fast": _metric(wanted, "TargetResponseTime", f"PR(:{seconds:g})"),
        },
        bad="(FILL(requests, 0) * (100 - FILL(fast, 100)) / 100)",
        total="FILL(requests, 0)",
        burns_title="Budget burn: slow answers",
        signal=Signal.LATENCY,
    )


def _alarm(objective: _Objective, pace: Pace, span: str, fewest: int) -> Alarm:
    rate = burn(pace, objective.window_days)
    seconds = pace.long_seconds if span == "long" else pace.short_seconds
    # Of a longer span the hours that a dashboard shows have hardly a point.
    shown = seconds <= _HOUR
    return Alarm(
        name=f"{objective.name}-burn-{pace.name}-{span}",
        meaning=f"For {_span(seconds)} {objective.bad_answers} have used up the error budget {rate:g} times too fast.",
        metrics=objective.metrics,
        expression=(
            f"IF({objective.bad} >= {fewest}, 100 * {objective.bad} / {objective.total} / {objective.budget:g}, 0)"
        ),
        comparison=Comparison.ABOVE,
        threshold=rate,
        reason=(
            f"At this pace {pace.spent:.0%} of the budget of {objective.window_days} days is gone in "
            f"{_span(pace.long_seconds)}. Google's figures (The Site Reliability Workbook, alerting on SLOs)."
            + (f" From {fewest} bad answers on, so that a single one pages nobody." if fewest > 1 else "")
        ),
        period_seconds=seconds,
        periods=1,
        bad_periods=1,
        missing=MissingData.GOOD,
        severity=pace.severity,
        runbook="error-budget",
        incident=Incident(f"{objective.name}-burn-{pace.name}"),
        graph=objective.burns_title if shown else None,
        signal=objective.signal if shown else None,
    )


def _span(seconds: int) -> str:
    for unit, length in (("d", _DAY), ("h", _HOUR)):
        if seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds // 60} min"


def budget_left(objective: _Objective) -> Formula:
    """What is left of a budget, in percent, after the days that the graph looks back; at none it is spent."""
    return Formula(
        metrics=objective.metrics,
        expression=(
            f"100 - 10000 * RUNNING_SUM({objective.bad}) / RUNNING_SUM({objective.total}) / {objective.budget:g}"
        ),
    )
