"""Dashboards are what CloudWatch takes, and show what the alarms watch."""

from __future__ import annotations

import json
from functools import cache

import pulumi_aws as aws
import pytest
from pydantic import ValidationError

from components.monitoring.alarms import Alarms, table, watched
from components.monitoring.dashboards import Dashboards, DashboardsArgs
from components.monitoring.layout import ON_CALL, graphs
from components.monitoring.rows import Signal, Tier
from tests.alarms import arguments
from tests.cloud import run
from tests.dashboard_body import Body, GraphWidget, StateWidget

ARGS = arguments()


@cache
def bodies() -> dict[str, str]:
    """Each dashboard's JSON by its name."""

    def program() -> None:
        alarms = Alarms("alarms", ARGS)
        Dashboards(
            "dashboards",
            DashboardsArgs(stack_name="tmi-test", region="eu-west-1", tiers=watched(ARGS), alarm_arns=alarms.arns),
        )

    cloud = run(
        program,
        computed={
            f"aws:cloudwatch/{kind}:{kind[0].upper()}{kind[1:]}": lambda name, _inputs: {
                "arn": f"arn:aws:cloudwatch:eu-west-1:111111111111:alarm:{name}",
                **({"alarmName": _inputs["alarmName"]} if "alarmName" in _inputs else {"name": _inputs["name"]}),
            }
            for kind in ("metricAlarm", "compositeAlarm")
        },
    )
    return {each.inputs["dashboardName"]: each.inputs["dashboardBody"] for each in cloud.of(aws.cloudwatch.Dashboard)}


def test_there_is_one_for_whoever_is_on_call_and_one_a_tier() -> None:
    assert set(bodies()) == {"tmi-test-on-call", *(f"tmi-test-{tier.value}" for tier in Tier)}


@pytest.mark.parametrize("name", ["on-call", *(tier.value for tier in Tier)])
def test_its_body_is_what_cloudwatch_documents(name: str) -> None:
    body = Body.model_validate_json(bodies()[f"tmi-test-{name}"])
    assert len(body.widgets) > 2


@pytest.mark.parametrize(
    "wrong",
    [{"type": "graph"}, {"x": 20, "width": 12}, {"height": 0}, {"y": 0, "x": 0}, {"properties": {"title": "empty"}}],
)
def test_another_body_is_refused(wrong: dict[str, object]) -> None:
    body = json.loads(bodies()["tmi-test-on-call"])
    body["widgets"][-1] |= wrong
    with pytest.raises(ValidationError):
        Body.model_validate(body)


@pytest.mark.parametrize("tier", Tier)
def test_a_tiers_page_shows_the_state_of_every_alarm_and_every_threshold(tier: Tier) -> None:
    rows = watched(ARGS)[tier].alarms
    body = Body.model_validate_json(bodies()[f"tmi-test-{tier.value}"])
    (states,) = [widget for widget in body.widgets if isinstance(widget, StateWidget)]
    assert [arn.rpartition(":alarms-")[2] for arn in states.properties.alarms] == [row.name for row in rows]
    shown = {
        (widget.properties.title, line.value)
        for widget in body.widgets
        if isinstance(widget, GraphWidget)
        for line in widget.properties.annotations.horizontal
    }
    assert shown == {(row.graph, row.threshold) for row in rows if row.graph}


def test_an_expression_speaks_of_the_metrics_beside_it() -> None:
    body = Body.model_validate_json(bodies()["tmi-test-edge"])
    (graph,) = [
        widget.properties
        for widget in body.widgets
        if isinstance(widget, GraphWidget) and widget.properties.title == "Answers 5xx of the pods (%)"
    ]
    expressions = [metric[-1]["expression"] for metric in graph.metrics if len(metric) == 1]
    assert expressions == [
        "IF(r0requests >= 20, 100 * FILL(r0errors, 0) / r0requests, 0)",
        "IF(r1requests >= 20, 100 * FILL(r1errors, 0) / r1requests, 0)",
    ]
    assert {metric[-1].get("id") for metric in graph.metrics} >= {"r0requests", "r0errors", "r1requests", "r1errors"}


def test_deadlocks_are_asked_of_each_server() -> None:
    text = bodies()["tmi-test-database"]
    assert "DB_PERF_INSIGHTS('RDS', 'db-TMI-TEST-MAIN', 'db.Concurrency.deadlocks.avg')" in text
    assert "{0}" not in text


def test_whoever_is_on_call_sees_every_tier_and_the_outages() -> None:
    body = Body.model_validate_json(bodies()["tmi-test-on-call"])
    states = [widget.properties for widget in body.widgets if isinstance(widget, StateWidget)]
    assert [each.title for each in states] == ["Outages", *(tier.value for tier in Tier)]
    assert sum(len(each.alarms) for each in states) == len(table(ARGS)) + 3


def test_what_is_chosen_for_whoever_is_on_call_is_there_and_tells_that() -> None:
    for tier, chosen in ON_CALL.items():
        for signal, title in chosen.items():
            assert title in graphs(watched(ARGS)[tier])
            told = {row.signal for row in watched(ARGS)[tier].alarms if row.graph == title} | {
                chart.signal for chart in watched(ARGS)[tier].charts if chart.title == title
            }
            assert told == {signal}, title
        assert {Signal.TRAFFIC, Signal.ERRORS, Signal.SATURATION} <= set(chosen)


def test_the_error_budget_looks_back_over_its_own_window() -> None:
    body = Body.model_validate_json(bodies()["tmi-test-objectives"])
    graphs_of_days = {
        widget.properties.title: widget.properties
        for widget in body.widgets
        if isinstance(widget, GraphWidget) and widget.properties.start
    }
    (left,) = graphs_of_days.values()
    assert (left.title, left.start) == ("Error budget left (%)", "-P30D")
    failures, slow = [metric[-1] for metric in left.metrics if len(metric) == 1]
    assert failures == {
        "expression": (
            "100 - 10000 * RUNNING_SUM((FILL(l0pods, 0) + FILL(l0balancer, 0))) "
            "/ RUNNING_SUM((FILL(l0requests, 0) + FILL(l0balancer, 0))) / 0.1"
        ),
        "id": "l0shown",
        "label": "availability",
        "period": 3600,
    }
    assert slow["label"] == "latency"
    assert slow["expression"].endswith("/ RUNNING_SUM(FILL(l1requests, 0)) / 1")
    assert [metric[-1]["period"] for metric in left.metrics] == [3600] * len(left.metrics)


def test_a_graph_and_its_signal_come_together() -> None:
    assert [row.name for row in table(ARGS) if (row.graph is None) is not (row.signal is None)] == []
