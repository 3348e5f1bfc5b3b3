"""What is watched of logs: what TMI's own says of attacks and losses, and whether they reach the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.log_archive import BUFFER_SECONDS
from components.log_sink import LogClass
from components.monitoring.rows import Alarm, Chart, Comparison, Metric, MissingData, Severity, Signal, Watched
from components.monitoring.security_events import SecurityEvent, metric_namespace

_EVENTS_SECONDS: Final = 300
"""Long enough for a slow attempt to add up, short enough to be told while it goes on."""
_LATE_SECONDS: Final = 4 * BUFFER_SECONDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """The way to the archive."""

    subscription: str
    """The name that the subscriptions of all log groups have."""
    streams: Mapping[LogClass, pulumi.Input[str]]
    """The name of the delivery stream of each class."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Logs:
    """What is known of logs."""

    stack_name: str
    """Part of the namespace of what is counted."""
    containers: pulumi.Input[str]
    """The log group of containers, TMI's among them."""
    events: tuple[SecurityEvent, ...]
    """What is counted in TMI's log."""
    archive: Archive | None
    """Where logs go on to; none where they are in CloudWatch alone."""
    anomaly_detection: bool
    """Whether a detector looks at TMI's log."""


def logs(known: Logs) -> Watched:
    """TMI's security events, how much is written, and the archive where there is one."""
    streams = sorted(known.archive.streams.items()) if known.archive else []
    return Watched(
        alarms=(
            *(_event(known.stack_name, event) for event in known.events),
            *([_anomalies(known.stack_name)] if known.anomaly_detection else []),
            *([_lost(known.archive.subscription)] if known.archive else []),
            *(row for log_class, stream in streams for row in (_late(log_class, stream), _silent(log_class, stream))),
        ),
        charts=(
            Chart(
                title="Lines of containers (1 min)",
                signal=Signal.TRAFFIC,
                lines={"lines": _written(known.containers, "IncomingLogEvents")},
            ),
            Chart(
                title="Bytes of containers (1 min)",
                signal=Signal.SATURATION,
                lines={"bytes": _written(known.containers, "IncomingBytes")},
            ),
            *([_refused(streams)] if streams else []),
        ),
    )


def _written(group: pulumi.Input[str], name: str) -> Metric:
    return Metric(namespace="AWS/Logs", name=name, statistic="Sum", dimensions={"LogGroupName": group})


def _event(stack_name: str, event: SecurityEvent) -> Alarm:
    counted = Metric(namespace=metric_namespace(stack_name), name=event.name, statistic="Sum", dimensions={})
    one_is_too_many = event.tolerated == 0
    return Alarm(
        name=f"security-{event.name}",
        meaning=event.meaning,
        metrics={"lines": counted},
        expression=None,
        comparison=Comparison.ABOVE,
        threshold=event.tolerated,
        reason=f"Lines in five minutes. {event.reason}",
        period_seconds=_EVENTS_SECONDS,
        periods=1,
        bad_periods=1,
        missing=MissingData.GOOD,
        severity=Severity.TICKET,
        runbook="security-events",
        graph="Security events (5 min)" if one_is_too_many else "Security: everyday (5 min)",
        signal=Signal.ERRORS,
    )


def _anomalies(stack_name: str) -> Alarm:
    found = Metric(
        # Source: Amazon CloudWatch Logs User Guide, metrics published by log anomaly detectors.
        namespace="AWS/Logs",
        name="AnomalyCount",
        statistic="Sum",
        dimensions={"LogAnomalyDetector": stack_name, "LogAnomalyPriority": "HIGH"},
    )
    return Alarm(
        name="log-anomalies",
        meaning="TMI's log says something that it did not say in the last weeks, or much more of something.",
        metrics={"anomalies": found},
        expression=None,
        comparison=Comparison.ABOVE,
        threshold=0,
        reason="Anomalies of high priority, as CloudWatch ranks them; it looks every quarter of an hour.",
        period_seconds=900,
        periods=1,
        bad_periods=1,
        missing=MissingData.GOOD,
        severity=Severity.TICKET,
        runbook="log-anomalies",
        graph="Anomalies of high priority (15 min)",
        signal=Signal.ERRORS,
    )


def _lost(subscription: str) -> Alarm:
    return Alarm(
        name="archive-lost",
        meaning="CloudWatch Logs cannot hand lines on to the archive; those it is refused for good are lost to it.",
        metrics={},
        # One question about all groups, those of later too. Source: Amazon CloudWatch User Guide, alarms on Metrics
        # Insights queries; Amazon CloudWatch Logs User Guide, CloudWatch metrics, for the dimensions.
        expression=(
            'SELECT SUM(DeliveryErrors) FROM SCHEMA("AWS/Logs", DestinationType, FilterName, LogGroupName) '  # noqa: S608 -- no SQL of a database
            f"WHERE FilterName = '{subscription}'"
        ),
        comparison=Comparison.ABOVE,
        threshold=0,
        reason=(
            "Lines, of any log group. What Firehose throttles is tried again for 24 hours; what it denies is not, and "
            "the group sends nothing for up to ten minutes more (Amazon CloudWatch Logs User Guide, real-time "
            "processing of log data with subscriptions)."
        ),
        period_seconds=300,
        periods=1,
        bad_periods=1,
        missing=MissingData.GOOD,
        severity=Severity.TICKET,
        runbook="log-archive",
    )


def _of_stream(stream: pulumi.Input[str], name: str, statistic: str) -> Metric:
    return Metric(namespace="AWS/Firehose", name=name, statistic=statistic, dimensions={"DeliveryStreamName": stream})


def _late(log_class: LogClass, stream: pulumi.Input[str]) -> Alarm:
    return Alarm(
        name=f"archive-{log_class.replace('_', '-')}-late",
        meaning=f"Logs ({log_class}) do not reach the archive; Firehose gives them up after 24 hours.",
        metrics={"age": _of_stream(stream, "DeliveryToS3.DataFreshness", "Maximum")},
        expression=None,
        comparison=Comparison.ABOVE,
        threshold=_LATE_SECONDS,
        reason=(
            f"Seconds that the oldest line waits: four times the {BUFFER_SECONDS} for which Firehose gathers. Our "
            "figure; AWS advises an alarm above those (Amazon Data Firehose Developer Guide, CloudWatch alarms)."
        ),
        period_seconds=300,
        periods=3,
        bad_periods=3,
        missing=MissingData.GOOD,
        severity=Severity.TICKET,
        runbook="log-archive",
        graph="Archive: oldest line (s)",
        signal=Signal.LATENCY,
    )


def _silent(log_class: LogClass, stream: pulumi.Input[str]) -> Alarm:
    return Alarm(
        name=f"archive-{log_class.replace('_', '-')}-silent",
        meaning=f"CloudWatch Logs hands no line ({log_class}) on to the archive.",
        metrics={"records": _of_stream(stream, "IncomingRecords", "Sum")},
        expression=None,
        comparison=Comparison.BELOW,
        threshold=1,
        reason="Records an hour. Every class has some each minute: probes, connections, packets, calls of nodes.",
        period_seconds=3600,
        periods=2,
        bad_periods=2,
        missing=MissingData.BAD,
        severity=Severity.TICKET,
        runbook="log-archive",
        graph="Archive: records that come (1 h)",
        signal=Signal.TRAFFIC,
    )


def _refused(streams: Sequence[tuple[LogClass, pulumi.Input[str]]]) -> Chart:
    return Chart(
        title="Archive: throttled records (1 min)",
        signal=Signal.SATURATION,
        lines={log_class.value: _of_stream(stream, "ThrottledRecords", "Sum") for log_class, stream in streams},
    )
