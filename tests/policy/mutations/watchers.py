"""Changes that break the rules of watchers, of messages and of deliveries."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from policy.facts.alarms import METRIC_ALARM, TOPIC
from policy.facts.replicas import DATABASE
from policy.graph import Graph, Resource
from policy.network.group_roles import CANARY
from policy.values import Plain
from tests.policy.mutations.changing import Mutation, first, setting, with_property, with_resource, without

_DETECTOR: Final = "aws:cloudwatch/logAnomalyDetector:LogAnomalyDetector"
_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_STREAM: Final = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
_TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
_PASSWORD: Final = "random:index/randomPassword:RandomPassword"  # noqa: S105 -- a type token
_PUBLISHERS: Final = ("backup", "budgets", "cloudwatch", "costalerts", "events", "events.rds")


def _added(token: str, **properties: Plain) -> Callable[[Graph], Graph]:
    """One more resource, beside the first database."""

    def apply(graph: Graph) -> Graph:
        sample = first(graph, DATABASE)
        spare = Resource(
            urn=f"{sample.urn}-spare", type=token, name="spare", properties=properties, provider=sample.provider
        )
        return with_resource(graph, spare)

    return apply


def _plaintext_topic(graph: Graph) -> Graph:
    """Who published may do so still, and everybody may come without TLS."""
    services: list[Plain] = [f"{name}.amazonaws.com" for name in _PUBLISHERS]
    statement = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sns:Publish", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    topic = first(graph, TOPIC)
    return with_property(graph, graph.referring(topic, "arn", _TOPIC_POLICY)[0], "policy", document)


def _groupless(graph: Graph) -> Graph:
    """A log that a database exports has no group."""
    groups = [each for each in graph.of_type(_GROUP) if str(each.get("name")).startswith("/aws/rds/instance/")]
    assert groups, "no log of a database has a group"
    return without(graph, groups[0])


WATCHERS: Final = (
    Mutation(
        "variables-without-secrets",
        "a canary is told a password",
        setting(CANARY, "runConfig", "environmentVariables", to={"PASSWORD": "swordfish"}),
    ),
    Mutation("detectors-on", "nobody looks for anomalies", setting(_DETECTOR, "enabled", to=False)),
    Mutation("alarms-act", "an alarm does nothing", _added(METRIC_ALARM, treatMissingData="missing")),
    Mutation("alarms-judge-silence", "silence means nothing", setting(METRIC_ALARM, "treatMissingData", to=None)),
    Mutation("events-reach-targets", "a rule has no target", _added("aws:cloudwatch/eventRule:EventRule")),
    Mutation("costs-heard", "a budget tells nobody", _added("aws:budgets/budget:Budget", limitAmount="100")),
    Mutation(
        "canaries-run",
        "a canary waits to be started",
        _added("aws:synthetics/canary:Canary", startCanary=False),
        frozenset({"failures-alarmed", "storage-customer-key"}),
    ),
    Mutation("topics-refuse-plaintext", "a topic takes plaintext", _plaintext_topic),
    Mutation(
        "subscriptions-encrypted", "a topic tells a plaintext address", setting(_SUBSCRIPTION, "protocol", to="http")
    ),
    Mutation(
        "deliveries-encrypted",
        "a stream is not encrypted",
        setting(_STREAM, "serverSideEncryption", "enabled", to=False),
    ),
    Mutation(
        "deliveries-reported",
        "nobody learns of a failed delivery",
        setting(_STREAM, "extendedS3Configuration", "cloudwatchLoggingOptions", "enabled", to=False),
    ),
    Mutation("database-logs-expected", "RDS makes a log group", _groupless),
    Mutation("generated-secrets-long", "a password has eight characters", setting(_PASSWORD, "length", to=8)),
)
