"""What is watched of TMI by what it measures itself, where a collector stands beside it.

Names are TMI's, dimensions the collector's: the role, and what `components.server.collector.MEASURED` adds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from components.capacity import LEAKED_KB_PER_REQUEST, POOL_CONNECTIONS, RESTING_MEMORY_MB
from components.monitoring.rows import Alarm, Chart, Comparison, Metric, MissingData, Severity, Signal, Watched
from components.server.roles import Role

_ANSWERED: Final = "http.server.request.duration"
_INTERNAL_ERROR: Final = {"http.response.status_code": "500"}
_FULL_SHARE: Final = 0.75
_LEAK_FACTOR: Final = 2
_REQUESTS_FLOOR: Final = 100
_GOROUTINES_AT_REST: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Process:
    """A process of TMI, as its stack file wants it."""

    memory_mib: int
    """Its limit."""
    requests_per_minute: float
    """Authenticated requests it is expected to get."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Processes:
    """TMI's processes and where their metrics are."""

    namespace: str
    """The collector's namespace in CloudWatch."""
    by_role: Mapping[Role, Process]
    """What a process of each role bears."""
    webhooks: bool
    """Whether TMI delivers webhooks."""


def server(processes: Processes) -> Watched:
    """TMI in both roles."""
    roles = sorted(processes.by_role.items())
    live = {"sessions": "tmi_websocket_sessions_active", "participants": "tmi_websocket_participants_active"}
    return Watched(
        alarms=(
            *(row for role, process in roles for row in _process(processes, role, process)),
            *(_webhooks(processes, role) for role, _ in roles if processes.webhooks),
        ),
        charts=(
            Chart(
                title="Requests answered (1 min)",
                signal=Signal.TRAFFIC,
                lines={role.value: _metric(processes, role, _ANSWERED, "SampleCount") for role, _ in roles},
            ),
            Chart(
                title="Live collaboration",
                signal=Signal.TRAFFIC,
                lines={label: _metric(processes, Role.HUB, name, "Maximum") for label, name in live.items()},
            ),
        ),
    )


def _metric(
    processes: Processes, role: Role, name: str, statistic: str, labels: Mapping[str, str] = MappingProxyType({})
) -> Metric:
    dimensions = {"role": role.value, **labels}
    return Metric(namespace=processes.namespace, name=name, statistic=statistic, dimensions=dimensions)


def _row(
    name: str,
    meaning: str,
    metrics: Mapping[str, Metric],
    threshold: float,
    reason: str,
    *,
    periods: int,
    runbook: str,
    graph: str | None = None,
    signal: Signal | None = None,
    expression: str | None = None,
    period_seconds: int = 60,
    missing: MissingData = MissingData.UNKNOWN,
    comparison: Comparison = Comparison.ABOVE,
) -> Alarm:
    return Alarm(
        name=name,
        meaning=meaning,
        metrics=metrics,
        expression=expression,
        comparison=comparison,
        threshold=threshold,
        reason=reason,
        period_seconds=period_seconds,
        periods=periods,
        bad_periods=periods,
        missing=missing,
        severity=Severity.TICKET,
        runbook=runbook,
        graph=graph,
        signal=signal,
    )


def requests_until_full(process: Process) -> float:
    """How many authenticated requests leak as much as a process has room for; each leaves a goroutine as well."""
    return (process.memory_mib - RESTING_MEMORY_MB) * 1000 / LEAKED_KB_PER_REQUEST


def leaked_bytes_per_second(process: Process) -> float:
    """How fast a process grows under the load it is expected to get."""
    return process.requests_per_minute / 60 * LEAKED_KB_PER_REQUEST * 1000


def _process(processes: Processes, role: Role, process: Process) -> tuple[Alarm, ...]:
    def of(name: str, statistic: str) -> Metric:
        return _metric(processes, role, name, statistic)

    goroutines = _GOROUTINES_AT_REST + requests_until_full(process) * _FULL_SHARE
    return (
        _row(
            f"{role.value}-telemetry-silent",
            f"The {role.value}'s own metrics have stopped: its other alarms of this kind are blind.",
            {"goroutines": of("go_goroutines", "Maximum")},
            0,
            "A process without goroutines is none, so silence alone fires it. The collector reads it every minute.",
            periods=15,
            runbook="telemetry",
            missing=MissingData.BAD,
            comparison=Comparison.BELOW,
        ),
        _row(
            f"{role.value}-internal-errors",
            f"TMI itself answers 500 to more than 1 % of the {role.value}'s requests: a defect, or its database.",
            {
                "failed": _metric(processes, role, _ANSWERED, "SampleCount", _INTERNAL_ERROR),
                "answered": of(_ANSWERED, "SampleCount"),
            },
            1,
            f"Percent, from {_REQUESTS_FLOOR} answers in five minutes up; below the 5 % that page. Our figure.",
            expression=f"IF(answered >= {_REQUESTS_FLOOR}, 100 * FILL(failed, 0) / answered, 0)",
            period_seconds=300,
            periods=3,
            runbook="server-errors",
            missing=MissingData.GOOD,
            graph="Answers 500 of TMI (%)",
            signal=Signal.ERRORS,
        ),
        _row(
            f"{role.value}-database-pool",
            f"A process of the {role.value} uses nearly all its connections to PostgreSQL: requests wait for one.",
            {"used": of("tmi.db.pool.in_use", "Maximum")},
            POOL_CONNECTIONS - 1.5,
            f"Of {POOL_CONNECTIONS} (`components/capacity.py`): nine or all of them.",
            periods=10,
            runbook="database-pool",
            graph="Database connections in use",
            signal=Signal.SATURATION,
        ),
        _row(
            f"{role.value}-goroutines",
            f"A process of the {role.value} has leaked three quarters of what it bears: its restart is overdue.",
            {"goroutines": of("go_goroutines", "Maximum")},
            round(goroutines),
            "TMI leaks a goroutine and 5.2 kB with each authenticated request (docs/reference/sizing.md); so many fill "
            "three quarters of the memory above its rest.",
            periods=5,
            runbook="memory-growth",
            graph="Goroutines",
            signal=Signal.SATURATION,
        ),
        _row(
            f"{role.value}-leak-slope",
            f"The {role.value} grows more than {_LEAK_FACTOR} times as fast as its restarts are planned for.",
            {"memory": of("process_resident_memory_bytes", "Maximum")},
            round(leaked_bytes_per_second(process) * _LEAK_FACTOR),
            f"Bytes a second: {_LEAK_FACTOR} times what `server.expected_load` leaks. Six hours in a row.",
            expression="RATE(memory)",
            period_seconds=3600,
            periods=6,
            runbook="memory-growth",
            graph="Growth of a process (bytes a second)",
            signal=Signal.SATURATION,
        ),
    )


def _webhooks(processes: Processes, role: Role) -> Alarm:
    return _row(
        f"{role.value}-webhooks-stopped",
        f"A process of the {role.value} has stopped to deliver to a webhook that keeps failing.",
        {"opened": _metric(processes, role, "tmi.webhook.circuit_open", "Sum")},
        0,
        "Any: its receiver gets no event from this process until the pause is over. Each process counts by itself.",
        period_seconds=300,
        periods=1,
        runbook="webhooks",
        missing=MissingData.GOOD,
    )
