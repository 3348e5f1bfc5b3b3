"""What is watched on PostgreSQL while it works: processor, memory, disk, replication, deadlocks."""

from __future__ import annotations

from typing import Final

from components.database_instance import DatabaseInstance
from components.monitoring.rows import Alarm, Comparison, Metric, MissingData, Severity, Signal
from components.settings.instance_classes import DATABASE_CLASSES

_MEMORY_SHARE: Final = 0.05
_DEADLOCKS: Final = "db.Concurrency.deadlocks.avg"
"""Deadlocks a minute. RDS for PostgreSQL has no metric of them in CloudWatch; Database Insights counts them, and metric
math can ask it, of the server's resource id. With the first such alarm of an account CloudWatch makes itself a role,
AWSServiceRoleForCloudWatchMetrics_DbPerfInsights. Source: Amazon RDS User Guide, Performance Insights counters; Amazon
CloudWatch User Guide, alarms on Performance Insights counter metrics, service-linked roles."""


def load_alarms(key: str, instance: DatabaseInstance) -> tuple[Alarm, ...]:
    """The work of one server; `key` is its name in the stack."""

    def row(
        name: str,
        meaning: str,
        metric: str,
        threshold: float,
        reason: str,
        *,
        minutes: int,
        graph: str,
        signal: Signal,
        comparison: Comparison = Comparison.ABOVE,
    ) -> Alarm:
        return Alarm(
            name=f"{key}-{name}",
            meaning=meaning,
            metrics={
                "measured": Metric(
                    namespace="AWS/RDS",
                    name=metric,
                    statistic="Average",
                    dimensions={"DBInstanceIdentifier": instance.identifier},
                )
            },
            expression=None,
            comparison=comparison,
            threshold=threshold,
            reason=reason,
            period_seconds=60,
            periods=minutes,
            bad_periods=minutes,
            missing=MissingData.UNKNOWN,
            severity=Severity.TICKET,
            runbook="database-load",
            graph=graph,
            signal=signal,
        )

    memory = DATABASE_CLASSES[instance.instance_class] * 2**30
    replication = row(
        "replica-lag",
        "A replica is far behind its primary: reports are old, and a promotion would lose that much.",
        "ReplicaLag",
        300,
        "Seconds. Behind an idle primary a replica counts up to five minutes, until RDS changes the segment of the log "
        "(Amazon RDS User Guide, read replicas for RDS for PostgreSQL); above that it is behind.",
        minutes=15,
        graph="Replica lag (s)",
        signal=Signal.LATENCY,
    )
    return (
        row(
            "cpu",
            "PostgreSQL has had no processor to spare for a quarter of an hour.",
            "CPUUtilization",
            90,
            "Percent. Our figure: above it queries queue; a quarter of an hour outlasts a dump's start and a vacuum.",
            minutes=15,
            graph="Processor (%)",
            signal=Signal.SATURATION,
        ),
        row(
            "memory",
            "PostgreSQL is short of memory: it reads from disk what it held before, and may be killed.",
            "FreeableMemory",
            memory * _MEMORY_SHARE,
            f"Bytes: a twentieth, our figure, of the {DATABASE_CLASSES[instance.instance_class]} GiB of "
            f"{instance.instance_class} (Amazon RDS User Guide, hardware specifications). It is Linux's MemAvailable "
            "(CloudWatch metrics, there): caches that can be given up are in it.",
            minutes=15,
            graph="Memory that can be freed (bytes)",
            signal=Signal.SATURATION,
            comparison=Comparison.BELOW,
        ),
        *(
            row(
                f"{kind}-latency",
                f"Each {kind} of PostgreSQL's disk takes long, and with it every query that needs one.",
                f"{kind.title()}Latency",
                0.02,
                "Seconds. gp3 answers within single-digit milliseconds (Amazon EBS User Guide, volume types). Our "
                "figure: more than twice that is a volume at its limit.",
                minutes=15,
                graph=f"Disk: a {kind} (s)",
                signal=Signal.LATENCY,
            )
            for kind in ("read", "write")
        ),
        row(
            "disk-queue",
            "PostgreSQL's disk is asked for more than it can do.",
            "DiskQueueDepth",
            10,
            "Requests that wait. gp3 does 3,000 a second, 3 in a millisecond; ten waiting on average is a volume that "
            "does not keep up. Our figure: AWS names none.",
            minutes=15,
            graph="Disk queue (requests)",
            signal=Signal.SATURATION,
        ),
        _deadlocks(key, instance),
        *((replication,) if instance.replica else ()),
    )


def _deadlocks(key: str, instance: DatabaseInstance) -> Alarm:
    return Alarm(
        name=f"{key}-deadlocks",
        meaning="Transactions block each other again and again; PostgreSQL ends one of each pair, TMI tries thrice.",
        metrics={},
        expression=f"DB_PERF_INSIGHTS('RDS', '{{0}}', '{_DEADLOCKS}')",
        server=instance.resource_id,
        comparison=Comparison.ABOVE,
        threshold=1,
        reason="A minute, three times of five. Our figure: one alone is repeated by TMI and nobody notices.",
        period_seconds=60,
        periods=5,
        bad_periods=3,
        missing=MissingData.GOOD,
        severity=Severity.TICKET,
        runbook="database-load",
        graph="Deadlocks (a minute)",
        signal=Signal.ERRORS,
    )
