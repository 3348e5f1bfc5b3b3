"""Every metric of an alarm or a graph is one that somebody reports."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.monitoring.alarms import watched
from components.monitoring.rows import Metric
from tests.alarms import ROWS, arguments
from tests.metric_catalogue import fault

METRICS = [
    *(metric for row in ROWS.values() for metric in row.metrics.values()),
    *(
        metric
        for tier in watched(arguments()).values()
        for chart in tier.charts
        for line in chart.lines.values()
        for metric in ([line] if isinstance(line, Metric) else line.metrics.values())
    ),
]


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_somebody_reports_every_metric(metric: Metric) -> None:
    assert fault(metric) is None


def test_a_metric_that_nobody_reports_is_found() -> None:
    metric = ROWS["database-main-cpu"].metrics["measured"]
    assert fault(replace(metric, name="CpuUtilization")) == "no metric CpuUtilization in AWS/RDS"
    assert fault(replace(metric, namespace="AWS/Rds")) == "no namespace AWS/Rds"
    assert fault(replace(metric, dimensions={})) == "CPUUtilization is not kept by []"
    silent = ROWS["hub-telemetry-silent"].metrics["goroutines"]
    assert fault(replace(silent, name="goroutines")) == "no metric goroutines in TMI/tmi-test"
