"""Changes that break the rules of what is watched, and of who hears of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from policy.facts.alarms import METRIC_ALARM, TOPIC, heard, measurements
from policy.graph import Graph, Resource
from policy.rules.data.encryption import keys_behind
from tests.policy.mutations.changing import Mutation, first, gone, with_property, with_resource, without

_SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
_UNHEARD: Final = frozenset({"failures-alarmed"})


def _on(graph: Graph, namespace: str, metric: str) -> list[Resource]:
    found = measurements(graph).get((namespace, metric), ())
    assert found, f"nobody watches {metric}"
    return [each.alarm for each in found]


def _unwatched(namespace: str, metric: str) -> Callable[[Graph], Graph]:
    """Every alarm on a metric is gone."""

    def apply(graph: Graph) -> Graph:
        for alarm in _on(graph, namespace, metric):
            graph = without(graph, alarm)
        return graph

    return apply


def _node_unwatched(graph: Graph) -> Graph:
    return without(graph, _on(graph, "AWS/ElastiCache", "EngineCPUUtilization")[0])


def _switched_off(graph: Graph) -> Graph:
    alarm = _on(graph, "AWS/RDS", "ReadLatency")[0]
    return with_property(graph, alarm, "actionsEnabled", value=False)


def _outage_silent(graph: Graph) -> Graph:
    """What the outages of TMI tell is told to nobody."""
    for alarm in _on(graph, "AWS/ApplicationELB", "HealthyHostCount"):
        for outage in graph.referring(alarm, "alarmRule", "aws:cloudwatch/compositeAlarm:CompositeAlarm"):
            dependencies = {name: urns for name, urns in outage.dependencies.items() if name != "alarmActions"}
            graph = with_resource(graph, replace(outage, dependencies=dependencies))
            graph = with_property(graph, graph.resources[outage.urn], "alarmActions", ["arn:aws:sns:x:1:elsewhere"])
    return graph


def _key_of_topic(graph: Graph) -> Resource:
    topics = [each for each in graph.of_type(TOPIC) if keys_behind(graph, each, "kmsMasterKeyId")]
    assert topics, "no topic has a key"
    return keys_behind(graph, topics[0], "kmsMasterKeyId")[0]


def _key_for_others(graph: Graph) -> Graph:
    others = ["s3.amazonaws.com", *(f"logs.{region}.amazonaws.com" for region in ("eu-west-1", "eu-central-1"))]
    statement = {"Effect": "Allow", "Principal": {"Service": others}, "Action": "kms:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return with_property(graph, _key_of_topic(graph), "policy", document)


def _publishes_everywhere(graph: Graph) -> Graph:
    """An alarm tells one more topic, which nobody may publish to."""
    topic = first(graph, TOPIC)
    stranger = replace(topic, urn=f"{topic.urn}-stranger", name="stranger", properties={**topic.properties, "id": None})
    listener = replace(
        first(graph, _SUBSCRIPTION), urn=f"{topic.urn}-listener", dependencies={"topic": (stranger.urn,)}
    )
    alarm = next(each for each in graph.of_type(METRIC_ALARM) if each.urn in heard(graph))
    told = (*alarm.dependencies.get("okActions", ()), stranger.urn)
    graph = with_resource(with_resource(graph, stranger), listener)
    return with_resource(graph, replace(alarm, dependencies={**alarm.dependencies, "okActions": told}))


ALARMS: Final = (
    Mutation("failures-alarmed", "no database's storage is watched", _unwatched("AWS/RDS", "FreeStorageSpace")),
    Mutation("failures-alarmed", "a delivery stops unseen", _unwatched("AWS/Firehose", "DeliveryToS3.DataFreshness")),
    Mutation("failures-alarmed", "a certificate ends unseen", _unwatched("AWS/CertificateManager", "DaysToExpiry")),
    Mutation("failures-alarmed", "one node of a cache is not watched", _node_unwatched),
    Mutation("failures-alarmed", "an alarm is switched off", _switched_off, frozenset({"alarms-act"})),
    Mutation("failures-alarmed", "nobody hears of an outage", _outage_silent),
    Mutation("topics-subscribed", "nobody is subscribed", gone(_SUBSCRIPTION), _UNHEARD),
    Mutation("publishers-admitted", "a topic's key is for others", _key_for_others),
    Mutation(
        "publishers-admitted",
        "a topic has no policy",
        _publishes_everywhere,
        frozenset({"topics-refuse-plaintext"}),
    ),
)
