"""What is watched on Redis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

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

_EVICTED: Final = 100
_CONNECTIONS_FACTOR: Final = 2
_WATCHERS: Final = 10
"""Room for ElastiCache's own connections, four to six; those of replicas are not counted. Source: Amazon ElastiCache
User Guide, metrics for Valkey and Redis OSS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caches:
    """The nodes of Redis."""

    members: Mapping[str, pulumi.Input[str]]
    """Every node by the number that AWS gave it."""
    connections: int
    """How many connections TMI opens at most."""


def caches(nodes: Caches) -> Watched:
    """Every node, and what passes through it."""
    members = sorted(nodes.members.items())
    return Watched(
        alarms=tuple(
            row
            for number, member in members
            for row in _node(number, member, nodes.connections, replicated=len(members) > 1)
        ),
        charts=(
            Chart(
                title="Reads and writes (1 min)",
                signal=Signal.TRAFFIC,
                lines={
                    f"{number} {label}": _metric(member, name, "Sum")
                    for number, member in members
                    for label, name in (("reads", "GetTypeCmds"), ("writes", "SetTypeCmds"))
                },
            ),
        ),
    )


def _metric(member: pulumi.Input[str], name: str, statistic: str) -> Metric:
    return Metric(namespace="AWS/ElastiCache", name=name, statistic=statistic, dimensions={"CacheClusterId": member})


def _node(number: str, member: pulumi.Input[str], connections: int, *, replicated: bool) -> tuple[Alarm, ...]:
    def row(
        name: str,
        meaning: str,
        metric: Metric,
        threshold: float,
        reason: str,
        *,
        minutes: int,
        graph: str | None,
        signal: Signal | None,
        expression: str | None = None,
    ) -> Alarm:
        return Alarm(
            name=f"cache-{number}-{name}",
            meaning=meaning,
            metrics={"measured": metric},
            expression=expression,
            comparison=Comparison.ABOVE,
            threshold=threshold,
            reason=reason,
            period_seconds=60,
            periods=minutes,
            bad_periods=1 if expression else minutes,
            missing=MissingData.UNKNOWN,
            severity=Severity.TICKET,
            runbook="cache-load",
            graph=graph,
            signal=signal,
        )

    usual = connections * _CONNECTIONS_FACTOR + _WATCHERS
    of_replicas = (
        row(
            "replication-lag",
            "A replica of Redis is behind: after a failover revoked tokens would be valid again.",
            _metric(member, "ReplicationLag", "Maximum"),
            10,
            "Seconds a replica is behind its primary. Our figure.",
            minutes=5,
            graph="Replication lag (s)",
            signal=Signal.LATENCY,
        ),
        row(
            "failover",
            "A node of Redis became the primary or ceased to be: writes failed meanwhile, and TMI answered 503.",
            _metric(member, "IsMaster", "Maximum"),
            0,
            "Any change of the role, seen for five minutes.",
            minutes=5,
            graph=None,
            signal=None,
            expression="ABS(DIFF(measured))",
        ),
    )
    return (
        _silent(number, member),
        _memory(number, member),
        row(
            "engine-cpu",
            "Redis does one thing at a time and has none to spare: every login and rate limit waits.",
            _metric(member, "EngineCPUUtilization", "Average"),
            90,
            "Percent of the one thread. 90 is what AWS suggests of the processor that Redis can use (Amazon "
            "ElastiCache User Guide, which metrics should I monitor).",
            minutes=5,
            graph="Processor of the engine (%)",
            signal=Signal.SATURATION,
        ),
        row(
            "host-cpu",
            "A node of Redis is busy as a whole: what AWS runs beside Redis takes processor from it.",
            _metric(member, "CPUUtilization", "Average"),
            90,
            "Percent of all its processors. AWS has it watched beside the engine's on nodes with two, where its own "
            "work weighs (Amazon ElastiCache User Guide, metrics for Valkey and Redis OSS). Our figure.",
            minutes=15,
            graph="Processor of the node (%)",
            signal=Signal.SATURATION,
        ),
        row(
            "connections",
            "Redis has far more connections than TMI opens: something leaks them, or somebody else is there.",
            _metric(member, "CurrConnections", "Maximum"),
            usual,
            f"{_CONNECTIONS_FACTOR} times the {connections} of all pods of TMI at most, and {_WATCHERS} for AWS's own.",
            minutes=15,
            graph="Connections",
            signal=Signal.SATURATION,
        ),
        _hit_rate(number, member),
        *(of_replicas if replicated else ()),
    )


def _hit_rate(number: str, member: pulumi.Input[str]) -> Alarm:
    return Alarm(
        name=f"cache-{number}-hit-rate",
        meaning="Redis finds little of what it is asked for: it was emptied, or evicts.",
        metrics={"hits": _metric(member, "CacheHits", "Sum"), "misses": _metric(member, "CacheMisses", "Sum")},
        # Not CacheHitRate: its page gives the formula of a share and the unit percent.
        expression="IF(hits + misses > 0, 100 * hits / (hits + misses), 100)",
        comparison=Comparison.BELOW,
        threshold=20,
        reason="Percent. TMI asks for revocations that mostly are not there: no rate is wrong by itself. Our figure.",
        period_seconds=300,
        periods=12,
        bad_periods=12,
        missing=MissingData.UNKNOWN,
        severity=Severity.INFO,
        runbook="cache-load",
        graph="Hit rate (%)",
        signal=Signal.ERRORS,
    )


def _silent(number: str, member: pulumi.Input[str]) -> Alarm:
    return Alarm(
        name=f"cache-{number}-silent",
        meaning="A node of Redis is gone.",
        metrics={"connections": _metric(member, "CurrConnections", "Minimum")},
        expression=SILENT.format("connections"),
        comparison=Comparison.BELOW,
        threshold=0,
        reason=(
            "No count is below none, so silence alone fires it. ElastiCache reports every minute (Amazon ElastiCache "
            "User Guide, monitoring use with CloudWatch metrics)."
        ),
        period_seconds=60,
        periods=5,
        bad_periods=5,
        missing=MissingData.BAD,
        severity=Severity.TICKET,
        runbook="cache-down",
        incident=Incident.CACHE,
    )


def _memory(number: str, member: pulumi.Input[str]) -> Alarm:
    return Alarm(
        name=f"cache-{number}-memory",
        meaning="Redis is nearly full or evicts already: a revoked token that is evicted is valid again.",
        metrics={
            "memory": _metric(member, "DatabaseMemoryUsagePercentage", "Maximum"),
            "evictions": _metric(member, "Evictions", "Sum"),
        },
        expression=f"IF(evictions > 0, {_EVICTED}, memory)",
        comparison=Comparison.ABOVE,
        threshold=80,
        reason=(
            f"Percent of maxmemory; any eviction counts as {_EVICTED}. With volatile-ttl Redis evicts only when it "
            "is full, so the last fifth is the time to act before anything is lost. Our figure."
        ),
        period_seconds=300,
        periods=1,
        bad_periods=1,
        missing=MissingData.UNKNOWN,
        severity=Severity.PAGE,
        runbook="cache-memory",
        graph="Memory (%)",
        signal=Signal.SATURATION,
    )
