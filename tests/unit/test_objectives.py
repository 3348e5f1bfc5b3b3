"""Error budgets: how fast they may go, and what an answer costs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.monitoring.rows import Alarm, Formula, MissingData, Severity
from components.monitoring.tables.objectives import PACES, budget, burn, objectives
from tests.alarms import arguments

WANTED = arguments().objectives
ROWS = {row.name: row for row in objectives(WANTED).alarms}


def value(expression: str, **measured: float) -> float:
    """Metric math over numbers, of what these rows use; what was not measured is left out by name."""
    python = re.sub(r"FILL\((\w+), (\d+)\)", lambda found: str(measured.get(found[1], found[2])), expression)
    condition, comma, rest = python.removeprefix("IF(").partition(", ") if python.startswith("IF(") else ("", "", "")
    if comma:
        shown, _, otherwise = rest.removesuffix(")").rpartition(", ")
        return _number(shown) if eval(condition, {}) else _number(otherwise)  # noqa: S307 -- text of this project
    return _number(python)


def _number(text: str) -> float:
    return float(eval(text, {}))  # noqa: S307 -- text of this project


def fires(row: Alarm, **measured: float) -> bool:
    return value(str(row.expression), **measured) > row.threshold


def test_over_30_days_the_burns_are_those_of_the_workbook() -> None:
    assert [burn(pace, 30) for pace in PACES] == [14.4, 6, 3, 1]
    assert [(pace.long_seconds, pace.short_seconds) for pace in PACES] == [
        (3600, 300),
        (21_600, 1800),
        (86_400, 7200),
        (259_200, 21_600),
    ]
    assert [pace.severity for pace in PACES] == [Severity.PAGE, Severity.PAGE, Severity.TICKET, Severity.TICKET]


def test_a_shorter_window_has_less_to_burn() -> None:
    assert [burn(pace, 7) for pace in PACES] == [3.36, 1.4, 0.7, 0.23]
    assert ROWS["availability-burn-1h-long"].threshold == 14.4
    week = {row.name: row for row in objectives(replace(WANTED, window_days=7)).alarms}
    assert week["availability-burn-1h-long"].threshold == 3.36


@given(st.sampled_from([99.9, 99.95, 99.99, 95.0, 97.5]))
def test_a_budget_is_a_decimal_number(percent: float) -> None:
    assert budget(percent) == float(f"{100 - percent:.2f}")


def test_a_burn_fires_above_its_share_of_bad_answers() -> None:
    # 14.4 times 0.1 % is 1.44 %.
    row = ROWS["availability-burn-1h-long"]
    assert fires(row, requests=10_000, pods=145)
    assert not fires(row, requests=10_000, pods=143)
    assert fires(row, requests=0, balancer=10)
    slow = ROWS["latency-burn-1h-long"]
    # 14.4 times 1 % is 14.4 %.
    assert fires(slow, requests=1000, fast=85)
    assert not fires(slow, requests=1000, fast=86)


def test_the_loosest_objectives_can_still_be_missed() -> None:
    loose = replace(WANTED, availability_percent=95, latency_percent=95)
    rows = objectives(loose).alarms
    assert all(fires(row, requests=1000, pods=1000, fast=0) for row in rows)


def test_few_bad_answers_of_few_fire_nothing() -> None:
    assert not fires(ROWS["availability-burn-1h-long"], requests=9, pods=9)
    assert not fires(ROWS["latency-burn-1h-long"], requests=9, fast=0)
    assert fires(ROWS["availability-burn-1h-short"], requests=1, pods=1)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_silence_is_no_failure(row: Alarm) -> None:
    assert row.missing is MissingData.GOOD
    assert value(str(row.expression)) == 0
    # Anything less than every answer being bad must be able to fire it.
    assert fires(row, requests=1000, pods=999, fast=0.1)


def test_the_latency_that_counts_is_a_percentile_rank() -> None:
    metrics = ROWS["latency-burn-1h-long"].metrics
    assert metrics["fast"].statistic == "PR(:0.5)"
    assert {metric.statistic for key, metric in metrics.items() if key != "fast"} == {"Sum"}


@given(requests=st.integers(1000, 10**6), failed=st.integers(0, 1000))
def test_what_is_left_of_a_budget_and_its_burn_agree(requests: int, failed: int) -> None:
    (chart,) = [chart for chart in objectives(WANTED).charts if chart.days]
    formula = chart.lines["availability"]
    assert isinstance(formula, Formula)
    left = value(formula.expression.replace("RUNNING_SUM", ""), requests=requests, pods=failed)
    assert left == pytest.approx(100 - 100 * (100 * failed / requests) / 0.1, abs=1e-6)


def test_nothing_failed_leaves_everything() -> None:
    (chart,) = [chart for chart in objectives(WANTED).charts if chart.days]
    for line in chart.lines.values():
        assert isinstance(line, Formula)
        assert value(line.expression.replace("RUNNING_SUM", ""), requests=5, fast=100) == 100
