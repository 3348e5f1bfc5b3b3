"""What is watched on PostgreSQL: whether it is there, and what it can run out of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from components.database_instance import DatabaseInstance
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
from components.monitoring.tables.database_load import load_alarms
from components.settings.instance_classes import max_connections, usable_connections

_STORAGE_SHARE: Final = 0.1
_DAYS_LEFT: Final = 4
_DAY: Final = 86_400
_YEAR_DAYS: Final = 365
_OLD: Final = (
    (
        "old-transactions",
        500_000_000,
        Severity.TICKET,
        (
            "Autovacuum did not keep up at 200 million, and RDS makes it work harder from here on (Amazon RDS User "
            "Guide, working with PostgreSQL autovacuum)."
        ),
    ),
    (
        "wraparound",
        1_000_000_000,
        Severity.PAGE,
        (
            "An alarm to act on, says AWS (Amazon RDS User Guide, working with PostgreSQL autovacuum); at about 2.1 "
            "billion PostgreSQL takes no more writes."
        ),
    ),
)


def databases(instances: Mapping[str, DatabaseInstance], active: str) -> Watched:
    """Every primary and replica by its name in the stack; `active` is the one TMI speaks to."""
    return Watched(
        alarms=tuple(
            row
            for key, instance in sorted(instances.items())
            for row in (*_there(key, instance, active=key == active), *load_alarms(key, instance))
        ),
        charts=(
            Chart(
                title="Reads and writes (IOPS)",
                signal=Signal.TRAFFIC,
                lines={
                    f"{key} {kind}": metric(each, f"{kind.title()}IOPS", "Average")
                    for key, each in sorted(instances.items())
                    for kind in ("read", "write")
                },
            ),
        ),
    )


def metric(instance: DatabaseInstance, name: str, statistic: str) -> Metric:
    """A metric of RDS on one server."""
    dimensions = {"DBInstanceIdentifier": instance.identifier}
    return Metric(namespace="AWS/RDS", name=name, statistic=statistic, dimensions=dimensions)


def _there(key: str, instance: DatabaseInstance, *, active: bool) -> tuple[Alarm, ...]:
    return (
        Alarm(
            name=f"{key}-silent",
            meaning=(
                "PostgreSQL is gone: TMI shows empty lists, not errors, and burns refresh tokens."
                if active
                else "A server of PostgreSQL that TMI does not use is gone."
            ),
            metrics={"connections": metric(instance, "DatabaseConnections", "Minimum")},
            expression=SILENT.format("connections"),
            comparison=Comparison.BELOW,
            threshold=0,
            reason="No count is below none, so silence alone fires it. RDS reports every minute.",
            period_seconds=60,
            periods=5,
            bad_periods=5,
            missing=MissingData.BAD,
            severity=Severity.PAGE if active else Severity.TICKET,
            runbook="database-connections",
            incident=Incident.DATABASE if active else None,
        ),
        _connections(key, instance),
        _storage(key, instance, active=active),
        _storage_slope(key, instance),
        *(
            Alarm(
                name=f"{key}-{name}",
                meaning="The oldest transaction that vacuum has not frozen grows old; at its end writes stop.",
                metrics={"age": metric(instance, "MaximumUsedTransactionIDs", "Maximum")},
                expression=None,
                comparison=Comparison.ABOVE,
                threshold=age,
                reason=reason,
                period_seconds=300,
                periods=1,
                bad_periods=1,
                missing=MissingData.UNKNOWN,
                severity=severity,
                runbook="transaction-age",
                graph="Age of the oldest transaction",
                signal=Signal.SATURATION,
            )
            for name, age, severity, reason in _OLD
            if not instance.replica  # its transactions are its primary's
        ),
    )


def _connections(key: str, instance: DatabaseInstance) -> Alarm:
    limit = max_connections(instance.instance_class)
    return Alarm(
        name=f"{key}-connections",
        meaning="PostgreSQL is near its limit of connections; beyond it TMI shows empty lists, not errors.",
        metrics={"connections": metric(instance, "DatabaseConnections", "Maximum")},
        expression=None,
        comparison=Comparison.ABOVE,
        threshold=usable_connections(instance.instance_class),
        reason=(
            f"70 % of {limit}, which is LEAST(memory / 9531392, 5000) for the class's nominal memory (Amazon RDS "
            "User Guide, quotas and constraints); RDS computes with a little less. The share is our figure."
        ),
        period_seconds=60,
        periods=5,
        bad_periods=5,
        missing=MissingData.UNKNOWN,
        severity=Severity.PAGE,
        runbook="database-connections",
        graph="Connections",
        signal=Signal.SATURATION,
    )


def _storage(key: str, instance: DatabaseInstance, *, active: bool) -> Alarm:
    return Alarm(
        name=f"{key}-storage",
        meaning="PostgreSQL runs out of storage and RDS did not add any: it stops when none is left.",
        metrics={"free": metric(instance, "FreeStorageSpace", "Minimum")},
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
        incident=Incident.DATABASE if active else None,
        graph="Free storage (bytes)",
        signal=Signal.SATURATION,
    )


def _storage_slope(key: str, instance: DatabaseInstance) -> Alarm:
    return Alarm(
        name=f"{key}-storage-slope",
        meaning=f"At the pace of the last hours PostgreSQL's storage is full in less than {_DAYS_LEFT} days.",
        metrics={"free": metric(instance, "FreeStorageSpace", "Average")},
        # RATE is a second's change; what does not shrink lasts a year.
        expression=f"IF(RATE(free) < 0, free / (0 - RATE(free)) / {_DAY}, {_YEAR_DAYS})",
        comparison=Comparison.BELOW,
        threshold=_DAYS_LEFT,
        reason=(
            "Days: a long weekend. Six hours in a row, since a dump or an index may take an hour. RDS adds storage "
            "meanwhile, up to `storage_ceiling_gib`. Our figures."
        ),
        period_seconds=3600,
        periods=6,
        bad_periods=6,
        missing=MissingData.UNKNOWN,
        severity=Severity.TICKET,
        runbook="database-storage",
    )
