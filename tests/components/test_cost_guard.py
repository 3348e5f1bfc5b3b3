"""Costs are told by the stack's tag: what a month may cost, and jumps."""

from __future__ import annotations

import json

import pulumi_aws as aws
import pytest

from components.monitoring.cost_guard import CostGuard, CostGuardArgs
from components.providers import STACK_TAG, stack_tags
from components.settings import parse
from components.settings.costs import (
    Budget,
    CostAnomalies,
    CostAnomaliesAbove,
    MonthlyBudget,
    NoBudget,
    NoCostAnomalies,
)
from tests.cloud import Cloud, run
from tests.stack_files import STACKS, changed, document
from tests.stacks.program import record, recorded

TOPIC = "arn:aws:sns:eu-west-1:111111111111:ticket"
MONTHLY = MonthlyBudget(kind="monthly", usd=500, actual_percent=80, forecast_percent=100)
ABOVE = CostAnomaliesAbove(kind="above", usd=100)


def guard(budget: Budget = MONTHLY, anomalies: CostAnomalies = ABOVE) -> Cloud:
    args = CostGuardArgs(stack_name="tmi-test", budget=budget, anomalies=anomalies, topic_arn=TOPIC)
    return run(lambda: CostGuard("cost-guard", args))


def test_a_budget_counts_what_carries_the_stacks_tag() -> None:
    budget = guard().one(aws.budgets.Budget).inputs
    assert (budget["budgetType"], budget["timeUnit"]) == ("COST", "MONTHLY")
    assert (budget["limitAmount"], budget["limitUnit"]) == ("500", "USD")
    assert budget["costFilters"] == [{"name": "TagKeyValue", "values": ["user:tmi:stack$tmi-test"]}]


def test_what_is_spent_and_what_is_foreseen_are_told() -> None:
    told = {each["notificationType"]: each for each in guard().one(aws.budgets.Budget).inputs["notifications"]}
    assert {kind: each["threshold"] for kind, each in told.items()} == {"ACTUAL": 80, "FORECASTED": 100}
    for each in told.values():
        assert (each["comparisonOperator"], each["thresholdType"]) == ("GREATER_THAN", "PERCENTAGE")
        assert each["subscriberSnsTopicArns"] == [TOPIC]


def test_a_jump_is_looked_for_in_the_stacks_costs_and_told_at_once() -> None:
    cloud = guard()
    monitor = cloud.one(aws.costexplorer.AnomalyMonitor).inputs
    assert monitor["monitorType"] == "CUSTOM"
    assert json.loads(monitor["monitorSpecification"]) == {"Tags": {"Key": "tmi:stack", "Values": ["tmi-test"]}}
    told = cloud.one(aws.costexplorer.AnomalySubscription).inputs
    assert told["monitorArnLists"] == [monitor["arn"]]
    assert (told["frequency"], told["subscribers"]) == ("IMMEDIATE", [{"type": "SNS", "address": TOPIC}])
    assert told["thresholdExpression"]["dimension"] == {
        "key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        "matchOptions": ["GREATER_THAN_OR_EQUAL"],
        "values": ["100"],
    }


def test_each_of_them_may_be_left_out() -> None:
    budget = {each.type for each in guard(anomalies=NoCostAnomalies(kind="none")).resources}
    assert budget == {CostGuard.TYPE, "aws:budgets/budget:Budget"}
    anomalies = {each.type for each in guard(budget=NoBudget(kind="none")).resources}
    assert anomalies == {
        CostGuard.TYPE,
        "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
        "aws:costexplorer/anomalySubscription:AnomalySubscription",
    }


def test_without_both_there_is_no_guard() -> None:
    nothing = {"monitoring__budget": {"kind": "none"}, "monitoring__cost_anomalies": {"kind": "none"}}
    assert not any(each.type == CostGuard.TYPE for each in record(changed("dev", **nothing), stack="dev").resources)


@pytest.mark.parametrize("stack", STACKS)
def test_the_tag_is_the_one_that_every_resource_carries(stack: str) -> None:
    settings = parse(document(stack))
    assert stack_tags(settings)[STACK_TAG] == settings.name
    (counted,) = recorded(stack).one(aws.budgets.Budget).inputs["costFilters"]
    assert counted["values"] == [f"user:{STACK_TAG}${settings.name}"]
