"""The table of alarms: every row says enough to act on, and its figures are what they claim to be."""

from __future__ import annotations

import re
from pathlib import Path

import pulumi
import pytest

from components.database import DatabaseInstance
from components.monitoring.alarms import AlarmsArgs, description, metric_queries, table
from components.monitoring.rows import Alarm
from components.server.roles import Role
from tests.cloud import run

RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
OF_ALARMS = [path for path in sorted(RUNBOOKS.glob("*.md")) if "**Procedure**" not in path.read_text()]
"""Those that an alarm leads to; the others are for what somebody plans to do."""
ROWS: dict[str, Alarm] = {}


def _every_row() -> None:
    identifier = pulumi.Output.from_input("tmi-test-main")
    main = DatabaseInstance(identifier=identifier, instance_class="db.t4g.medium", storage_gib=20)
    reporting = DatabaseInstance(identifier=identifier, instance_class="db.m7g.large", storage_gib=100)
    args = AlarmsArgs(
        stack_name="tmi-test",
        topic_arn="arn:aws:sns:eu-west-1:111111111111:alarms",
        load_balancer_suffix="app/x/0",
        target_group_suffixes={Role.POOL: "targetgroup/y/0", Role.HUB: "targetgroup/x/0"},
        databases={"database-main": main, "database-main-reporting": reporting},
        cache_members={"001": "tmi-test-001", "002": "tmi-test-002"},
    )
    ROWS.update({row.name: row for row in table(args)})


run(_every_row)  # outputs need the loop of a run


def test_everything_that_can_fail_alone_has_its_alarms() -> None:
    assert list(ROWS) == [
        "hub-no-healthy-target",
        "hub-server-errors",
        "pool-no-healthy-target",
        "pool-server-errors",
        "database-main-storage",
        "database-main-connections",
        "database-main-reporting-storage",
        "database-main-reporting-connections",
        "cache-001-memory",
        "cache-002-memory",
    ]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_fits_what_cloudwatch_accepts(row: Alarm) -> None:
    assert row.period_seconds % 60 == 0
    assert 1 <= row.bad_periods <= row.periods
    assert row.period_seconds * row.periods <= 86_400
    assert all(re.fullmatch("[a-z][a-z0-9_]*", identity) for identity in row.metrics)
    assert len(description(row)) <= 1024
    assert row.reason


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_one_series_is_compared(row: Alarm) -> None:
    queries = metric_queries(row)
    assert [query.return_data for query in queries].count(True) == 1
    assert queries[-1].return_data is True


@pytest.mark.parametrize("row", [row for row in ROWS.values() if row.expression], ids=lambda row: row.name)
def test_an_expression_speaks_of_its_metrics_alone(row: Alarm) -> None:
    words = set(re.findall(r"\b[a-z_]+\b", str(row.expression)))
    assert words == set(row.metrics)


def test_a_row_without_expression_has_one_metric() -> None:
    plain = [row for row in ROWS.values() if row.expression is None]
    assert plain
    assert all(len(row.metrics) == 1 for row in plain)


def test_storage_fires_below_a_tenth() -> None:
    assert ROWS["database-main-storage"].threshold == 2 * 2**30
    assert ROWS["database-main-reporting-storage"].threshold == 10 * 2**30


def test_connections_fire_at_seven_tenths_of_what_the_class_allows() -> None:
    assert ROWS["database-main-connections"].threshold == 315
    assert ROWS["database-main-reporting-connections"].threshold == 630


def test_silence_is_bad_where_it_means_that_something_is_gone() -> None:
    silent = {name for name, row in ROWS.items() if row.missing == "breaching"}
    assert silent == {
        "hub-no-healthy-target",
        "pool-no-healthy-target",
        "database-main-connections",
        "database-main-reporting-connections",
    }


def test_every_runbook_is_there_and_none_is_left_over() -> None:
    assert {path.stem for path in OF_ALARMS} == {row.runbook for row in ROWS.values()}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_message_leads_to_the_runbook(row: Alarm) -> None:
    assert description(row) == f"[{row.severity}] {row.meaning} Runbook: docs/runbooks/{row.runbook}.md"


@pytest.mark.parametrize("path", OF_ALARMS, ids=lambda path: path.stem)
def test_a_runbook_says_how_to_look_and_when_it_is_over(path: Path) -> None:
    text = path.read_text()
    assert "**Alarm**" in text
    assert {"## Look", "## Over when"} <= set(text.splitlines())
    assert "scalate" in text
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert all((RUNBOOKS / link).exists() for link in links)
