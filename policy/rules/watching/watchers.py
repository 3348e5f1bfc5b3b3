"""Watchers: alarms act, events reach a target, budgets reach a person, canaries run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.alarms import COMPOSITE_ALARM, METRIC_ALARM, used
from policy.graph import Graph, Resource
from policy.network.group_roles import CANARY
from policy.rule import Description, GraphRule, ResourceRule, Severity, Violation
from policy.values import Plain, elements, present, read, show

_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
_BUDGET: Final = "aws:budgets/budget:Budget"
_ANOMALIES: Final = "aws:costexplorer/anomalySubscription:AnomalySubscription"
_DETECTOR: Final = "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector"
_ONCE: Final = ("rate(0 minute)", "rate(0 minutes)", "rate(0 hour)")
"""Source: CloudWatch Synthetics API Reference, CanaryScheduleInput."""
_SILENCE: Final = ("breaching", "notBreaching", "ignore", "missing")
_SUBSCRIBERS: Final = ("subscriberSnsTopicArns", "subscriberEmailAddresses")


def alarms_act(graph: Graph) -> Iterator[Violation]:
    """Each alarm does something, or is part of another one."""
    for alarm in graph.of_type(METRIC_ALARM, COMPOSITE_ALARM):
        enabled = alarm.get("actionsEnabled") in (None, True)  # absent: true
        if not (enabled and present(alarm.get("alarmActions"))) and alarm.urn not in used(graph):
            yield Violation(alarm, "it has no alarmActions in force, and no other alarm is made of it")


def alarms_judge_silence(alarm: Resource) -> Iterator[Violation]:
    """Each alarm on a metric says what it makes of missing data, and can fire at all."""
    silence = alarm.get("treatMissingData")
    if silence not in _SILENCE:  # absent: missing, which keeps an alarm as it was
        yield Violation(alarm, f"treatMissingData must be said: {', '.join(_SILENCE)}")
    wanted, periods = alarm.get("datapointsToAlarm"), alarm.get("evaluationPeriods")
    if isinstance(wanted, int) and isinstance(periods, int) and not 0 < wanted <= periods:
        yield Violation(
            alarm, f"datapointsToAlarm is {show(wanted)}; it must be 1 to evaluationPeriods, {show(periods)}"
        )


def events_reach_targets(graph: Graph) -> Iterator[Violation]:
    """Each rule of EventBridge is on and has a target."""
    for rule in graph.of_type(_RULE):
        if rule.get("state") == "DISABLED" or rule.get("isEnabled") is False:
            yield Violation(rule, "state must be ENABLED")
        if not graph.referring(rule, "rule", _TARGET):
            yield Violation(rule, "no EventTarget of this stack is for it")


def costs_heard(resource: Resource) -> Iterator[Violation]:
    """Each budget, and each watch on anomalies of costs, tells somebody."""
    if resource.type == _ANOMALIES:
        if not any(present(read(each, "address")) for each in elements(resource.get("subscribers"))):
            yield Violation(resource, "subscribers must name an address")
        return
    notifications = elements(resource.get("notifications"))
    if not notifications or not all(_tells(each) for each in notifications):
        yield Violation(resource, f"each of notifications must have {' or '.join(_SUBSCRIBERS)}")


def _tells(notification: Plain) -> bool:
    return any(present(read(notification, name)) for name in _SUBSCRIBERS)


def canaries_run(canary: Resource) -> Iterator[Violation]:
    """Each canary is started, and runs more than once."""
    if canary.get("startCanary") is not True:  # absent: it waits for somebody to start it
        yield Violation(canary, f"startCanary is {show(canary.get('startCanary'))}; it must be true")
    expression = canary.get("schedule", "expression")
    if expression in _ONCE:
        yield Violation(canary, "schedule.expression runs it once; it must be a rate or a cron expression")


def detectors_on(detector: Resource) -> Iterator[Violation]:
    """What looks for anomalies in logs is switched on."""
    enabled = detector.get("enabled")
    if enabled is not True:
        yield Violation(detector, f"enabled is {show(enabled)}; it must be true")


ALARMS_ACT: Final = GraphRule(
    about=Description(
        id="alarms-act",
        title="Each alarm does something",
        severity=Severity.MEDIUM,
        frameworks=("FSBP CloudWatch.15", "FSBP CloudWatch.17", "WA OPS08"),
        why="An alarm without an action is red on a page that nobody has open.",
        remediation="Give it alarmActions, or make a CompositeAlarm of it that has some.",
    ),
    check=alarms_act,
)
ALARMS_JUDGE_SILENCE: Final = ResourceRule(
    about=Description(
        id="alarms-judge-silence",
        title="Each alarm says what it makes of missing data",
        severity=Severity.MEDIUM,
        frameworks=("WA REL06", "WA OPS08"),
        why="What is down sends no metrics: by default its alarm stays as green as it was.",
        remediation="Set treatMissingData, and datapointsToAlarm no higher than evaluationPeriods.",
    ),
    types=frozenset({METRIC_ALARM}),
    check=alarms_judge_silence,
)
EVENTS_REACH_TARGETS: Final = GraphRule(
    about=Description(
        id="events-reach-targets",
        title="Rules of EventBridge are on, and have a target",
        severity=Severity.MEDIUM,
        frameworks=("WA OPS08",),
        why="A rule without a target matches what it waits for, and does nothing.",
        remediation="Declare an EventTarget for it, or no rule.",
    ),
    check=events_reach_targets,
)
COSTS_HEARD: Final = ResourceRule(
    about=Description(
        id="costs-heard",
        title="Budgets and watches on costs tell somebody",
        severity=Severity.MEDIUM,
        frameworks=("WA COST03",),
        why="A budget that is exceeded in silence is a bill; stolen credentials show there first.",
        remediation="Give each notification a topic or an address.",
    ),
    types=frozenset({_BUDGET, _ANOMALIES}),
    check=costs_heard,
)
CANARIES_RUN: Final = ResourceRule(
    about=Description(
        id="canaries-run",
        title="Canaries run",
        severity=Severity.MEDIUM,
        frameworks=("WA REL11", "WA OPS08"),
        why="A canary that was never started has never failed.",
        remediation="Set startCanary, and a schedule.",
    ),
    types=frozenset({CANARY}),
    check=canaries_run,
)
DETECTORS_ON: Final = ResourceRule(
    about=Description(
        id="detectors-on",
        title="Detectors of anomalies in logs are on",
        severity=Severity.MEDIUM,
        frameworks=("WA OPS08",),
        why="What was switched off for a night is still off when the next thing breaks.",
        remediation="Set enabled.",
    ),
    types=frozenset({_DETECTOR}),
    check=detectors_on,
)
