"""What alarms watch, and which of them anybody hears of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from policy.facts.replicas import in_same_region
from policy.graph import Graph, Resource
from policy.values import Plain, elements, read

METRIC_ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
TOPIC: Final = "aws:sns/topic:Topic"
_ALARMS: Final = (METRIC_ALARM, COMPOSITE_ALARM)
_SUBSCRIPTIONS: Final[Mapping[str, str]] = {
    "aws:sns/topicSubscription:TopicSubscription": "topic",
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": "snsTopicArns",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": "snsTopicArns",
}
"""What reads topics, by the property that names them; a channel of a chat subscribes itself."""
_FIRING: Final = re.compile(r'ALARM\("?(?:arn:[^:]*:cloudwatch:[^:]*:\d*:alarm:)?([^")]{1,255})"?\)')
"""An alarm in the rule of a composite alarm, by name or ARN. Source: CloudWatch API Reference, PutCompositeAlarm."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric that an alarm looks at."""

    alarm: Resource
    dimensions: Plain
    made_from: tuple[str, ...]
    """URNs of what its dimensions, with those of the alarm's other metrics, were made from."""


Measurements: TypeAlias = Mapping[tuple[str, str], Sequence[Measured]]
"""What alarms look at, by the namespace and name of the metric."""


def measurements(graph: Graph) -> Measurements:
    """What the alarms look at that somebody hears of."""
    return graph.once(_measurements)


def _measurements(graph: Graph) -> Measurements:
    found: dict[tuple[str, str], list[Measured]] = {}
    for alarm in graph.of_type(METRIC_ALARM):
        if alarm.urn in heard(graph):
            for key, measured in _measured(alarm):
                found.setdefault(key, []).append(measured)
    return found


def _measured(alarm: Resource) -> Iterator[tuple[tuple[str, str], Measured]]:
    """The metric that an alarm names itself, and those of its queries."""
    queries = [(read(query, "metric"), "metricQueries") for query in elements(alarm.get("metricQueries"))]
    for metric, holder in [(alarm.properties, "dimensions"), *queries]:
        namespace, name = read(metric, "namespace"), read(metric, "metricName")
        if isinstance(namespace, str) and isinstance(name, str):
            made_from = alarm.dependencies.get(holder, ())
            yield (namespace, name), Measured(alarm, read(metric, "dimensions"), made_from)


def subscribed(graph: Graph) -> frozenset[str]:
    """The URNs of the topics that somebody reads."""
    return graph.once(_subscribed)


def _subscribed(graph: Graph) -> frozenset[str]:
    return frozenset(
        topic.urn
        for token, name in _SUBSCRIPTIONS.items()
        for each in graph.of_type(token)
        for topic in graph.named(each, name, {TOPIC})
    )


def heard(graph: Graph) -> frozenset[str]:
    """The URNs of the alarms that act on a topic with a subscription, or make another alarm that does."""
    return graph.once(_heard)


def _heard(graph: Graph) -> frozenset[str]:
    return _made_of(graph, [alarm for alarm in graph.of_type(*_ALARMS) if _acts(graph, alarm)])


def used(graph: Graph) -> frozenset[str]:
    """The URNs of the alarms that make another one, or keep another one quiet."""
    return graph.once(_used)


def _used(graph: Graph) -> frozenset[str]:
    composites = graph.of_type(COMPOSITE_ALARM)
    named = _by_name(graph)
    quieting = [one for each in composites for one in graph.references(each, "actionsSuppressor", _ALARMS)]
    literal = (each.get("actionsSuppressor", "alarm") for each in composites)  # a name, or an ARN that ends in it
    names = [each.rpartition(":alarm:")[2] for each in literal if isinstance(each, str)]
    quieting += [named[name] for name in names if name in named]
    parts = [one for each in composites for one in _parts(graph, each, named)]
    return _made_of(graph, [*quieting, *parts])


def _made_of(graph: Graph, alarms: list[Resource]) -> frozenset[str]:
    """The URNs of these alarms and of all that they are made of."""
    named = _by_name(graph)
    found: set[str] = set()
    left = list(alarms)
    while left:
        alarm = left.pop()
        if alarm.urn not in found:
            found.add(alarm.urn)
            left += _parts(graph, alarm, named)
    return frozenset(found)


def _parts(graph: Graph, alarm: Resource, named: Mapping[str, Resource]) -> list[Resource]:
    """What a composite alarm is made of, by reference or by name."""
    rule = alarm.get("alarmRule")
    in_words = _FIRING.findall(rule) if isinstance(rule, str) else []
    return [*graph.references(alarm, "alarmRule", _ALARMS), *(named[name] for name in in_words if name in named)]


def _by_name(graph: Graph) -> Mapping[str, Resource]:
    """The alarms whose name is known."""
    held = [(each, each.get("name")) for each in graph.of_type(METRIC_ALARM)]
    held += [(each, each.get("alarmName")) for each in graph.of_type(COMPOSITE_ALARM)]
    return {name: each for each, name in held if isinstance(name, str)}


def _acts(graph: Graph, alarm: Resource) -> bool:
    """Whether it tells a topic of its own region that has a subscription."""
    return alarm.get("actionsEnabled") in (None, True) and any(  # absent: true
        topic.urn in subscribed(graph) and in_same_region(graph, topic, alarm)
        for topic in graph.named(alarm, "alarmActions", {TOPIC})
    )
