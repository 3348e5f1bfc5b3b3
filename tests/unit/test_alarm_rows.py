"""The table of alarms: every row says enough to act on, and its figures are what they claim to be."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from components.monitoring.alarms import metric_queries, table, watched
from components.monitoring.rows import Alarm, Metric, MissingData, Tier
from components.settings.instance_classes import DATABASE_CLASSES
from tests.alarms import ROWS, arguments
from tests.metric_catalogue import fault

ARGS = arguments()


def test_everything_that_can_fail_alone_has_its_alarms() -> None:
    assert len(ROWS) == len(table(ARGS)) + 1
    assert [row.name for row in table(ARGS)] == snapshot(
        [
            "availability-burn-1h-long",
            "availability-burn-1h-short",
            "availability-burn-6h-long",
            "availability-burn-6h-short",
            "availability-burn-1d-long",
            "availability-burn-1d-short",
            "availability-burn-3d-long",
            "availability-burn-3d-short",
            "latency-burn-1h-long",
            "latency-burn-1h-short",
            "latency-burn-6h-long",
            "latency-burn-6h-short",
            "latency-burn-1d-long",
            "latency-burn-1d-short",
            "latency-burn-3d-long",
            "latency-burn-3d-short",
            "deep-check-failed",
            "deep-check-silent",
            "balancer-errors",
            "balancer-rejected-connections",
            "balancer-client-tls-errors",
            "balancer-target-tls-errors",
            "certificate-expiry",
            "certificate-last-week",
            "web-firewall-blocked",
            "hub-no-healthy-target",
            "hub-unhealthy-target",
            "hub-server-errors",
            "hub-latency-p50",
            "hub-latency-p95",
            "hub-latency-p99",
            "pool-no-healthy-target",
            "pool-unhealthy-target",
            "pool-server-errors",
            "pool-latency-p50",
            "pool-latency-p95",
            "pool-latency-p99",
            "hub-telemetry-silent",
            "hub-internal-errors",
            "hub-database-pool",
            "hub-goroutines",
            "hub-leak-slope",
            "pool-telemetry-silent",
            "pool-internal-errors",
            "pool-database-pool",
            "pool-goroutines",
            "pool-leak-slope",
            "hub-webhooks-stopped",
            "pool-webhooks-stopped",
            "nodes-failed",
            "nodes-not-ready",
            "nodes-memory",
            "hub-not-ready",
            "hub-restarts",
            "hub-out-of-memory",
            "hub-pending",
            "hub-memory",
            "pool-not-ready",
            "pool-restarts",
            "pool-out-of-memory",
            "pool-pending",
            "pool-memory",
            "pool-ceiling",
            "stream-trimming-missing",
            "database-dump-missing",
            "pool-recycling-missing",
            "database-main-silent",
            "database-main-connections",
            "database-main-storage",
            "database-main-storage-slope",
            "database-main-old-transactions",
            "database-main-wraparound",
            "database-main-cpu",
            "database-main-memory",
            "database-main-read-latency",
            "database-main-write-latency",
            "database-main-disk-queue",
            "database-main-deadlocks",
            "database-main-reporting-silent",
            "database-main-reporting-connections",
            "database-main-reporting-storage",
            "database-main-reporting-storage-slope",
            "database-main-reporting-cpu",
            "database-main-reporting-memory",
            "database-main-reporting-read-latency",
            "database-main-reporting-write-latency",
            "database-main-reporting-disk-queue",
            "database-main-reporting-deadlocks",
            "database-main-reporting-replica-lag",
            "cache-001-silent",
            "cache-001-memory",
            "cache-001-engine-cpu",
            "cache-001-host-cpu",
            "cache-001-connections",
            "cache-001-hit-rate",
            "cache-001-replication-lag",
            "cache-001-failover",
            "cache-002-silent",
            "cache-002-memory",
            "cache-002-engine-cpu",
            "cache-002-host-cpu",
            "cache-002-connections",
            "cache-002-hit-rate",
            "cache-002-replication-lag",
            "cache-002-failover",
            "stream-length",
            "nat-eu-west-1a-ports",
            "security-invalid-tokens",
            "security-websocket-tickets",
            "security-token-lockouts",
            "security-rate-limits",
            "security-rejected-redirects",
            "security-pkce-failures",
            "security-foreign-origins",
            "security-denied-administration",
            "security-denied-access",
            "security-audit-losses",
            "security-unchecked-revocations",
            "log-anomalies",
            "archive-lost",
            "archive-control-plane-late",
            "archive-control-plane-silent",
            "archive-network-late",
            "archive-network-silent",
        ]
    )


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_fits_what_cloudwatch_accepts(row: Alarm) -> None:
    assert row.period_seconds % 60 == 0
    assert 1 <= row.bad_periods <= row.periods
    # Source: Amazon CloudWatch API Reference, PutMetricAlarm, Period.
    assert row.period_seconds * row.periods <= (86_400 if row.period_seconds < 3600 else 604_800)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", identity) for identity in row.metrics)
    assert len(row.metrics) <= 10
    assert row.reason


PURE = {name: row for name, row in ROWS.items() if row.server is None}
"""Those whose expression is known before anything is made."""


@pytest.mark.parametrize("row", PURE.values(), ids=PURE)
def test_one_series_is_compared(row: Alarm) -> None:
    queries = metric_queries(row)
    assert [query.return_data for query in queries].count(True) == 1
    assert queries[-1].return_data is True


@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.metrics and row.expression], ids=lambda r: r.name)
def test_an_expression_speaks_of_its_metrics_alone(row: Alarm) -> None:
    words = set(re.findall(r"\b[a-z_]+\b", str(row.expression)))
    assert words == set(row.metrics)


def test_a_row_without_expression_has_one_metric() -> None:
    plain = [row for row in ROWS.values() if row.expression is None]
    assert plain
    assert all(len(row.metrics) == 1 for row in plain)


def test_an_expression_over_no_metric_asks_database_insights_of_one_server_or_metrics_insights() -> None:
    asking = [row for row in ROWS.values() if not row.metrics and row.name != "archive-lost"]
    assert asking == [row for row in ROWS.values() if row.server is not None] != []
    assert all(str(row.expression).startswith("DB_PERF_INSIGHTS('RDS', '{0}', ") for row in asking)
    lost = re.fullmatch(r"SELECT SUM\((\w+)\) FROM SCHEMA\((.+)\) WHERE .*", str(ROWS["archive-lost"].expression))
    assert lost
    namespace, *dimensions = lost[2].split(", ")
    metric = Metric(
        namespace=namespace.strip('"'), name=lost[1], statistic="Sum", dimensions=dict.fromkeys(dimensions, "")
    )
    assert fault(metric) is None


def test_storage_fires_below_a_tenth() -> None:
    assert ROWS["database-main-storage"].threshold == 2 * 2**30
    assert ROWS["database-main-reporting-storage"].threshold == 10 * 2**30


def test_what_a_class_decides_is_computed_from_it() -> None:
    assert ROWS["database-main-connections"].threshold == 315
    assert ROWS["database-main-reporting-connections"].threshold == 630
    assert ROWS["database-main-memory"].threshold == DATABASE_CLASSES["db.t4g.medium"] * 2**30 / 20


def test_what_the_load_decides_is_computed_from_it() -> None:
    # 30 requests a minute leak 2.6 kB a second, 710,769 requests fill the hub.
    assert ROWS["hub-leak-slope"].threshold == 5200
    assert ROWS["hub-goroutines"].threshold == 533_177
    assert ROWS["cache-001-connections"].threshold == 202
    assert ROWS["pool-ceiling"].threshold == 5
    assert ROWS["pool-not-ready"].threshold == 3


def test_what_is_switched_off_has_no_alarm() -> None:
    off = watched(arguments(measured=False))
    assert Tier.SERVER not in off
    assert {row.name for tier in off.values() for row in tier.alarms} == {
        row.name for tier, each in watched(ARGS).items() for row in each.alarms if tier is not Tier.SERVER
    }
    assert {name for name in ROWS if name.endswith("-replica-lag")} == {"database-main-reporting-replica-lag"}
    assert "hub-ceiling" not in ROWS
    here = watched(arguments(archived=False))[Tier.LOGS]
    assert not [row.name for row in here.alarms if row.name.startswith("archive-")]
    unlearned = replace(ARGS, logs=replace(ARGS.logs, anomaly_detection=False))
    assert {row.name for row in table(ARGS)} - {row.name for row in table(unlearned)} == {"log-anomalies"}
    alone = replace(ARGS, caches=replace(ARGS.caches, members={"001": "tmi-test-001"}))
    assert not [row.name for row in table(replace(ARGS, canary=None)) if row.name.startswith("deep-check")]
    assert not [row.name for row in table(alone) if row.name.endswith(("-replication-lag", "-failover"))]


def test_silence_is_bad_where_it_means_that_something_is_gone() -> None:
    silent = {name for name, row in ROWS.items() if row.missing is MissingData.BAD}
    assert silent == {
        "hub-no-healthy-target",
        "pool-no-healthy-target",
        "database-main-silent",
        "database-main-reporting-silent",
        "cache-001-silent",
        "cache-002-silent",
        "hub-telemetry-silent",
        "pool-telemetry-silent",
        "stream-trimming-missing",
        "database-dump-missing",
        "pool-recycling-missing",
        "archive-control-plane-silent",
        "archive-network-silent",
        "deep-check-silent",
        "outside-tmi.example.com",
    }
