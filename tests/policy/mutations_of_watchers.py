"""Changes that break the rules of what watches, reads along and delivers."""

from __future__ import annotations

from typing import Final

from policy.alarms import METRIC_ALARM, heard
from policy.graph import Graph
from policy.rules.chats import CHANNELS
from policy.rules.streams import STREAM
from policy.rules.watchers import EVENT_RULE, EVENT_TARGET
from tests.policy.mutation import Mutation, gone, setting, with_resource, without

_DETECTOR: Final = "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector"
_CANARY: Final = "aws:synthetics/canary:Canary"
_CHECK: Final = "aws:route53/healthCheck:HealthCheck"
_ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"


def _mute(graph: Graph) -> Graph:
    """An alarm that nothing requires tells nobody."""
    spoken = next(each for each in graph.of_type(METRIC_ALARM) if each.urn in heard(graph))
    properties = {**spoken.properties, "metricName": "Unrequired", "metricQueries": None, "name": "mute"}
    made = type(spoken)(
        urn=f"{spoken.urn}-mute",
        type=spoken.type,
        name="mute",
        properties={name: value for name, value in properties.items() if name not in ("alarmActions", "okActions")},
        provider=spoken.provider,
    )
    return with_resource(graph, made)


def _without_targets(graph: Graph) -> Graph:
    rule = graph.of_type(EVENT_RULE)[0]
    for target in graph.referring(rule, "rule", EVENT_TARGET):
        graph = without(graph, target)
    return graph


WATCHERS: Final = (
    Mutation("watchers-on", "a detector is off", setting(_DETECTOR, "enabled", to=False)),
    Mutation("watchers-on", "a canary was never started", setting(_CANARY, "startCanary", to=None)),
    Mutation("watchers-on", "a check from outside is off", setting(_CHECK, "disabled", to=True)),
    Mutation("watchers-on", "an event rule is off", setting(EVENT_RULE, "state", to="DISABLED")),
    Mutation("alarms-act", "an alarm tells nobody", _mute),
    Mutation("alarms-decide-silence", "silence means nothing", setting(METRIC_ALARM, "treatMissingData", to=None)),
    Mutation("events-delivered", "events go nowhere", _without_targets),
    Mutation("events-delivered", "no event goes anywhere", gone(EVENT_TARGET)),
    Mutation("chats-look-only", "a channel has no guardrails", setting(CHANNELS[0], "guardrailPolicyArns", to=None)),
    Mutation(
        "chats-look-only", "a channel may do all", setting(CHANNELS[0], "guardrailPolicyArns", to=[_ADMINISTRATOR])
    ),
    Mutation("streams-encrypted", "a stream is plain", setting(STREAM, "serverSideEncryption", to=None)),
    Mutation(
        "streams-report-errors",
        "a stream says nothing",
        setting(STREAM, "extendedS3Configuration", "cloudwatchLoggingOptions", "enabled", to=False),
    ),
)
