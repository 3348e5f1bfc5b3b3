"""Watchers: switched on, decided, heard."""

from __future__ import annotations

import pytest

from policy.alarms import COMPOSITE_ALARM, METRIC_ALARM
from policy.graph import Resource
from policy.rules.watchers import (
    ALARMS_ACT,
    EVENT_RULE,
    EVENT_TARGET,
    EVENTS_DELIVERED,
    SILENCE_DECIDED,
    WATCHERS_ON,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, violations

DETECTOR = "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector"
CANARY = "aws:synthetics/canary:Canary"
CHECK = "aws:route53/healthCheck:HealthCheck"


@pytest.mark.parametrize(
    ("token", "properties"),
    [
        (METRIC_ALARM, {}),
        (METRIC_ALARM, {"actionsEnabled": True}),
        (COMPOSITE_ALARM, {}),
        (EVENT_RULE, {}),
        (EVENT_RULE, {"state": "ENABLED"}),
        (EVENT_RULE, {"state": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "isEnabled": True}),
        (DETECTOR, {"enabled": True}),
        (CHECK, {}),
        (CHECK, {"disabled": False, "invertHealthcheck": False}),
        (CANARY, {"startCanary": True}),
    ],
)
def test_what_is_on_watches(token: str, properties: dict[str, Plain]) -> None:
    assert violations(WATCHERS_ON, resource(token, "it", properties)) == []


@pytest.mark.parametrize(
    ("token", "name", "value", "shown"),
    [
        (METRIC_ALARM, "actionsEnabled", False, "false"),
        (METRIC_ALARM, "actionsEnabled", UNKNOWN, "unknown until it is deployed"),
        (METRIC_ALARM, "actionsEnabled", "true", "another text"),
        (METRIC_ALARM, "actionsEnabled", [True], "another value"),
        (COMPOSITE_ALARM, "actionsEnabled", False, "false"),
        (EVENT_RULE, "state", "DISABLED", "another text"),
        (EVENT_RULE, "isEnabled", False, "false"),
        (DETECTOR, "enabled", None, "absent"),
        (DETECTOR, "enabled", False, "false"),
        (DETECTOR, "enabled", 1, "1"),
        (CHECK, "disabled", True, "true"),
        (CHECK, "invertHealthcheck", True, "true"),
        (CANARY, "startCanary", None, "absent"),
        (CANARY, "startCanary", {"a\nb": UNKNOWN}, "another value"),
    ],
)
def test_what_is_off_is_reported(token: str, name: str, value: Plain, shown: str) -> None:
    message = f"{name} is {shown}, so it watches nothing or tells nobody"
    assert violations(WATCHERS_ON, resource(token, "it", {name: value})) == [("it", message)]


SILENT = [("part", "it has no alarmActions, and no alarm that has is made of it")]


def alarm(name: str, token: str = METRIC_ALARM, **properties: Plain) -> Resource:
    named = {"alarmName": name} if token == COMPOSITE_ALARM else {"name": name}
    return resource(token, name, {**named, **properties})


def test_an_alarm_acts_by_itself() -> None:
    for actions in (["arn:aws:sns:eu-west-1:111111111111:elsewhere"], UNKNOWN, [UNKNOWN]):
        assert violations(ALARMS_ACT, alarm("part", alarmActions=actions)) == []
    for actions in (None, [], ""):
        assert violations(ALARMS_ACT, alarm("part", alarmActions=actions)) == SILENT


def test_an_alarm_acts_as_a_part_of_another_or_by_holding_it_back() -> None:
    part = alarm("part")
    for properties in ({"alarmRule": 'ALARM("part")'}, {"actionsSuppressor": {"alarm": "part"}}):
        whole = alarm("whole", COMPOSITE_ALARM, alarmActions=[UNKNOWN], **properties)
        assert violations(ALARMS_ACT, part, whole) == []
    for name in ("alarmRule", "actionsSuppressor"):
        whole = alarm("whole", COMPOSITE_ALARM, alarmActions=[UNKNOWN], **{name: UNKNOWN})
        assert violations(ALARMS_ACT, part, made_from(whole, name, part)) == []
        assert violations(ALARMS_ACT, part, whole) == SILENT


def test_alarms_that_hold_each_other_back_end() -> None:
    one = alarm("part", COMPOSITE_ALARM, alarmRule='ALARM("other")')
    other = alarm("other", COMPOSITE_ALARM, alarmRule='ALARM("part")')
    assert [name for name, _ in violations(ALARMS_ACT, one, other)] == ["part", "other"]


@pytest.mark.parametrize("value", ["breaching", "notBreaching", "ignore", "missing"])
def test_an_alarm_says_what_silence_means(value: str) -> None:
    assert violations(SILENCE_DECIDED, alarm("it", treatMissingData=value)) == []


@pytest.mark.parametrize("value", [None, UNKNOWN, "Breaching", "", True, ["missing"], {}])
def test_an_alarm_that_does_not_say_it_is_reported(value: Plain) -> None:
    ((_, message),) = violations(SILENCE_DECIDED, alarm("it", treatMissingData=value))
    assert message.startswith("treatMissingData is ")
    assert message.endswith("; it must be one of breaching, notBreaching, ignore, missing")


def test_an_event_rule_has_a_target() -> None:
    rule = resource(EVENT_RULE, "rule")
    target = resource(EVENT_TARGET, "target", {"arn": UNKNOWN}, rule=rule)
    assert violations(EVENTS_DELIVERED, rule, target) == []
    lost = resource(EVENT_TARGET, "target", {"arn": UNKNOWN, "rule": "elsewhere"})
    assert violations(EVENTS_DELIVERED, rule, lost) == [("rule", "no target gets the events that it picks")]
