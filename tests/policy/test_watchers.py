"""Watchers: alarms act, events reach a target, budgets somebody, canaries run."""

from __future__ import annotations

import pytest

from policy.facts.alarms import COMPOSITE_ALARM, METRIC_ALARM
from policy.graph import Resource
from policy.rules.watching.watchers import (
    ALARMS_ACT,
    ALARMS_JUDGE_SILENCE,
    CANARIES_RUN,
    COSTS_HEARD,
    DETECTORS_ON,
    EVENTS_REACH_TARGETS,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

ARN = "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:"
ALARM = resource(METRIC_ALARM, "it", {"name": "it"})
IDLE = [("it", "it has no alarmActions in force, and no other alarm is made of it")]


@pytest.mark.parametrize("token", [METRIC_ALARM, COMPOSITE_ALARM])
@pytest.mark.parametrize(
    ("properties", "passes"),
    [
        ({"alarmActions": ["arn:aws:sns:eu-west-1:111111111111:told"]}, True),
        ({"alarmActions": UNKNOWN}, True),
        ({"alarmActions": [UNKNOWN], "actionsEnabled": True}, True),
        ({"alarmActions": [UNKNOWN], "actionsEnabled": False}, False),
        ({"alarmActions": [UNKNOWN], "actionsEnabled": UNKNOWN}, False),
        ({"alarmActions": []}, False),
        ({"okActions": [UNKNOWN]}, False),
        ({}, False),
    ],
)
def test_an_alarm_does_something(token: str, properties: dict[str, Plain], *, passes: bool) -> None:
    assert violations(ALARMS_ACT, resource(token, "it", properties)) == ([] if passes else IDLE)


@pytest.mark.parametrize(
    "whole",
    [
        resource(COMPOSITE_ALARM, "whole", {"alarmActions": [UNKNOWN], "alarmRule": 'ALARM("it") OR ALARM("x")'}),
        resource(COMPOSITE_ALARM, "whole", {"alarmActions": [UNKNOWN], "alarmRule": UNKNOWN}, alarmRule=ALARM),
        resource(COMPOSITE_ALARM, "whole", {"alarmActions": [UNKNOWN], "actionsSuppressor": {"alarm": "it"}}),
        resource(COMPOSITE_ALARM, "whole", {"alarmActions": [UNKNOWN], "actionsSuppressor": {"alarm": f"{ARN}it"}}),
        resource(COMPOSITE_ALARM, "whole", {"alarmActions": [UNKNOWN]}, actionsSuppressor=ALARM),
    ],
)
def test_an_alarm_that_another_is_made_of_need_not(whole: Resource) -> None:
    assert violations(ALARMS_ACT, ALARM, whole) == []


def test_alarms_that_name_each_other_end() -> None:
    one = resource(COMPOSITE_ALARM, "one", {"alarmName": "one", "alarmRule": 'ALARM("two")'})
    two = resource(COMPOSITE_ALARM, "two", {"alarmName": "two", "alarmRule": 'ALARM("one")'})
    assert violations(ALARMS_ACT, one, two) == []


SILENCE = "treatMissingData must be said: breaching, notBreaching, ignore, missing"


@pytest.mark.parametrize(
    ("properties", "messages"),
    [
        ({"treatMissingData": "breaching"}, []),
        ({"treatMissingData": "missing", "datapointsToAlarm": 3, "evaluationPeriods": 5}, []),
        ({"treatMissingData": "missing", "datapointsToAlarm": UNKNOWN, "evaluationPeriods": 5}, []),
        (
            {"treatMissingData": "missing", "datapointsToAlarm": 6, "evaluationPeriods": 5},
            ["datapointsToAlarm is 6; it must be 1 to evaluationPeriods, 5"],
        ),
        ({"treatMissingData": "never\n"}, [SILENCE]),
        ({"treatMissingData": UNKNOWN}, [SILENCE]),
        ({"treatMissingData": ["missing"]}, [SILENCE]),
        ({}, [SILENCE]),
    ],
)
def test_an_alarm_judges_silence(properties: dict[str, Plain], messages: list[str]) -> None:
    found = violations(ALARMS_JUDGE_SILENCE, resource(METRIC_ALARM, "it", properties))
    assert found == [("it", message) for message in messages]


@pytest.mark.parametrize(
    ("properties", "passes"),
    [
        ({}, True),
        ({"state": "ENABLED"}, True),
        ({"state": UNKNOWN}, True),
        ({"state": "DISABLED"}, False),
        ({"isEnabled": False}, False),
    ],
)
def test_a_rule_is_on_and_has_a_target(properties: dict[str, Plain], *, passes: bool) -> None:
    rule = resource("aws:cloudwatch/eventRule:EventRule", "it", properties)
    target = resource("aws:cloudwatch/eventTarget:EventTarget", "target", rule=rule)
    expected = [] if passes else [("it", "state must be ENABLED")]
    assert violations(EVENTS_REACH_TARGETS, rule, target) == expected
    assert violations(EVENTS_REACH_TARGETS, rule) == [*expected, ("it", "no EventTarget of this stack is for it")]


TOLD: dict[str, Plain] = {"subscriberSnsTopicArns": [UNKNOWN]}
NOBODY = "each of notifications must have subscriberSnsTopicArns or subscriberEmailAddresses"


BUDGETS: list[tuple[Plain, bool]] = [
    ([TOLD, {"subscriberEmailAddresses": ["tmi@example.com"]}], True),
    ([TOLD, {"threshold": 80}], False),
    ([{"subscriberSnsTopicArns": []}], False),
    ([], False),
    (None, False),
    ([7], True),
    (UNKNOWN, True),
]


@pytest.mark.parametrize(("notifications", "passes"), BUDGETS)
def test_a_budget_tells_somebody(notifications: Plain, *, passes: bool) -> None:
    budget = resource("aws:budgets/budget:Budget", "it", {"notifications": notifications})
    assert violations(COSTS_HEARD, budget) == ([] if passes else [("it", NOBODY)])


@pytest.mark.parametrize(
    ("subscribers", "passes"),
    [([{"type": "SNS", "address": UNKNOWN}], True), ([{"type": "SNS"}], False), ([], False), (None, False)],
)
def test_an_anomaly_of_costs_is_told(subscribers: Plain, *, passes: bool) -> None:
    watch = resource("aws:costexplorer/anomalySubscription:AnomalySubscription", "it", {"subscribers": subscribers})
    assert violations(COSTS_HEARD, watch) == ([] if passes else [("it", "subscribers must name an address")])


@pytest.mark.parametrize(
    ("started", "expression", "messages"),
    [
        (True, "rate(1 minute)", []),
        (True, UNKNOWN, []),
        (True, "rate(0 minute)", ["schedule.expression runs it once; it must be a rate or a cron expression"]),
        (False, "rate(1 minute)", ["startCanary is false; it must be true"]),
        (None, ["rate(0 minute)"], ["startCanary is absent; it must be true"]),
        (UNKNOWN, None, ["startCanary is unknown until it is deployed; it must be true"]),
    ],
)
def test_a_canary_runs(started: Plain, expression: Plain, messages: list[str]) -> None:
    canary = resource(
        "aws:synthetics/canary:Canary", "it", {"startCanary": started, "schedule": {"expression": expression}}
    )
    assert violations(CANARIES_RUN, canary) == [("it", message) for message in messages]


DETECTOR = "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector"


@pytest.mark.parametrize(
    ("enabled", "shown"),
    [
        (True, None),
        (False, "false"),
        (1, "1"),
        ("true\n", "another text"),
        ([True], "another value"),
        (UNKNOWN, "unknown until it is deployed"),
        (None, "absent"),
    ],
)
def test_what_detects_is_on(enabled: Plain, shown: str | None) -> None:
    found = violations(DETECTORS_ON, resource(DETECTOR, "it", {"enabled": enabled}))
    assert found == ([] if shown is None else [("it", f"enabled is {shown}; it must be true")])
