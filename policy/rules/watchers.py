"""Watchers: what watches is switched on, says what silence means, and tells somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policy.alarms import COMPOSITE_ALARM, METRIC_ALARM, acting
from policy.graph import Graph, Resource
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import Plain, show

EVENT_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"


@dataclass(frozen=True, slots=True)
class _Switch:
    """Where a watcher is switched on."""

    property: str
    on: tuple[Plain, ...]
    """The values with which it watches; `None` where AWS switches it on by itself."""


_SWITCHES: Final[Mapping[str, tuple[_Switch, ...]]] = {
    METRIC_ALARM: (_Switch("actionsEnabled", (None, True)),),
    COMPOSITE_ALARM: (_Switch("actionsEnabled", (None, True)),),
    EVENT_RULE: (
        _Switch("state", (None, "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")),
        _Switch("isEnabled", (None, True)),
    ),
    "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector": (_Switch("enabled", (True,)),),
    "aws:route53/healthCheck:HealthCheck": (
        _Switch("disabled", (None, False)),
        _Switch("invertHealthcheck", (None, False)),
    ),
    "aws:synthetics/canary:Canary": (_Switch("startCanary", (True,)),),
}
_SILENCE: Final = ("breaching", "notBreaching", "ignore", "missing")


def watchers_on(watcher: Resource) -> Iterator[Violation]:
    """An alarm, an event rule, a detector, a health check or a canary is switched on."""
    for switch in _SWITCHES[watcher.type]:
        value = watcher.get(switch.property)
        if value is True if switch.on == (True,) else any(value is each or value == each for each in switch.on):
            continue
        yield Violation(watcher, f"{switch.property} is {show(value)}, so it watches nothing or tells nobody")


def alarms_act(graph: Graph) -> Iterator[Violation]:
    """Each alarm acts by itself, is part of one that does, or holds another back."""
    for alarm in graph.of_type(METRIC_ALARM, COMPOSITE_ALARM):
        if alarm.urn not in acting(graph):
            yield Violation(alarm, "it has no alarmActions, and no alarm that has is made of it")


def silence_decided(alarm: Resource) -> Iterator[Violation]:
    """An alarm says what it means if its metric is silent."""
    value = alarm.get("treatMissingData")
    if value not in _SILENCE:  # absent: missing, which is no alarm for what died
        yield Violation(alarm, f"treatMissingData is {show(value)}; it must be one of {', '.join(_SILENCE)}")


def events_delivered(graph: Graph) -> Iterator[Violation]:
    """Each event rule has a target."""
    for rule in graph.of_type(EVENT_RULE):
        if not graph.referring(rule, "rule", EVENT_TARGET):
            yield Violation(rule, "no target gets the events that it picks")


WATCHERS_ON: Final = ResourceRule(
    about=Description(
        id="watchers-on",
        title="What watches is switched on",
        severity=Severity.HIGH,
        frameworks=("FSBP CloudWatch.17", "WA OPS08"),
        why="What was switched off for a night is still off when the next thing breaks.",
        remediation="Leave actionsEnabled, disabled, invertHealthcheck and state out; set startCanary and enabled to "
        "true. Silence an alarm for a while in the console or by a suppressor.",
    ),
    types=frozenset(_SWITCHES),
    check=watchers_on,
)
ALARMS_ACT: Final = GraphRule(
    about=Description(
        id="alarms-act",
        title="Each alarm acts, by itself or through another one",
        severity=Severity.MEDIUM,
        frameworks=("FSBP CloudWatch.15", "WA OPS08"),
        why="An alarm without an action turns red where nobody looks.",
        remediation="Name a topic in alarmActions, or it in the alarmRule or actionsSuppressor of an alarm that does.",
    ),
    check=alarms_act,
)
SILENCE_DECIDED: Final = ResourceRule(
    about=Description(
        id="alarms-decide-silence",
        title="Each alarm says what a silent metric means",
        severity=Severity.MEDIUM,
        frameworks=("WA REL06",),
        why="AWS's default keeps the last state: the alarm of a server that died stays green.",
        remediation="Set treatMissingData: breaching where silence is the failure, notBreaching where it is the rule.",
    ),
    types=frozenset({METRIC_ALARM}),
    check=silence_decided,
)
EVENTS_DELIVERED: Final = GraphRule(
    about=Description(
        id="events-delivered",
        title="Each event rule has a target",
        severity=Severity.MEDIUM,
        frameworks=("WA OPS08",),
        why="EventBridge throws away what a rule picks and no target gets.",
        remediation="Declare an EventTarget whose rule is this one, or no rule.",
    ),
    check=events_delivered,
)
