"""Topics: somebody is subscribed, and whoever publishes may do so and use the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policy.facts.alarms import COMPOSITE_ALARM, METRIC_ALARM, TOPIC, subscribed
from policy.facts.documents import allows_service
from policy.facts.policies import KEY_POLICY, policies_of
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.rules.data.encryption import keys_behind
from policy.values import UNKNOWN, present

_EVENTS: Final = "events.amazonaws.com"
_TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
_ACTIONS_OF_ALARMS: Final = ("alarmActions", "okActions", "insufficientDataActions")
_PUBLISHERS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    METRIC_ALARM: (_ACTIONS_OF_ALARMS, "cloudwatch.amazonaws.com"),
    COMPOSITE_ALARM: (_ACTIONS_OF_ALARMS, "cloudwatch.amazonaws.com"),
    "aws:cloudwatch/eventTarget:EventTarget": (("arn",), _EVENTS),
    "aws:rds/eventSubscription:EventSubscription": (("snsTopic",), "events.rds.amazonaws.com"),
    "aws:backup/vaultNotifications:VaultNotifications": (("snsTopicArn",), "backup.amazonaws.com"),
    "aws:budgets/budget:Budget": (("notifications",), "budgets.amazonaws.com"),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": (("subscribers",), "costalerts.amazonaws.com"),
}
"""By type: the properties that name topics, and the service that publishes for it. Source: each service's guide."""
_CACHES: Final = ("aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/cluster:Cluster")


@dataclass(frozen=True, slots=True)
class _Right:
    """What a publisher must be allowed to do, and by whose policy."""

    holder: Resource
    policy_type: str
    named_by: str
    """The property of such a policy that names what it is for."""
    actions: tuple[str, ...]
    what: str


def topics_subscribed(graph: Graph) -> Iterator[Violation]:
    """Each topic has a subscription, or a channel of a chat."""
    for topic in graph.of_type(TOPIC):
        if topic.urn not in subscribed(graph):
            yield Violation(topic, "nobody is subscribed to it")


def publishers_admitted(graph: Graph) -> Iterator[Finding]:
    """Each service that publishes to a topic may do so, by the topic's policy and by that of its key."""
    for topic in graph.of_type(TOPIC):
        services = sorted(graph.once(_publishers).get(topic.urn, ()))
        keys = keys_behind(graph, topic, "kmsMasterKeyId")
        rights = [_Right(topic, _TOPIC_POLICY, "arn", ("sns:publish",), "publish to it")] if services else []
        rights += [
            _Right(key, KEY_POLICY, "keyId", ("kms:decrypt", "kms:generatedatakey"), f"use it for {topic.name}")
            for key in (keys if services else ())
        ]
        for right in rights:
            yield from _refused(graph, right, services)
        for cache in [each for each in graph.of_type(*_CACHES) if _told(graph, each, ("notificationTopicArn",), topic)]:
            # Source: Amazon ElastiCache User Guide, event notifications and Amazon SNS.
            if present(topic.get("kmsMasterKeyId")):
                yield Violation(cache, "notificationTopicArn names an encrypted topic; ElastiCache publishes to none")


def _publishers(graph: Graph) -> Mapping[str, set[str]]:
    """The services that publish to each topic, by its URN."""
    found: dict[str, set[str]] = {}
    for token, (names, service) in _PUBLISHERS.items():
        for publisher in graph.of_type(token):
            for topic in (each for name in names for each in graph.named(publisher, name, {TOPIC})):
                found.setdefault(topic.urn, set()).add(service)
    return found


def _told(graph: Graph, publisher: Resource, names: tuple[str, ...], topic: Resource) -> bool:
    return any(topic in graph.named(publisher, name, {TOPIC}) for name in names)


def _refused(graph: Graph, right: _Right, services: list[str]) -> Iterator[Finding]:
    for holder, document in policies_of(graph, right.holder, right.named_by, right.policy_type):
        if document is UNKNOWN:
            yield Undecided(holder, f"whether its publishers may {right.what}")
            continue
        for service in services:
            # EventBridge names no source to an encrypted topic. Source: awslabs/landing-zone-accelerator-on-aws#407.
            unasked = service == _EVENTS
            if not all(allows_service(document, service, each, in_any_case=unasked) for each in right.actions):
                yield Violation(holder, f"no statement of its policy surely lets {service} {right.what}")


TOPICS_SUBSCRIBED: Final = GraphRule(
    about=Description(
        id="topics-subscribed",
        title="Each topic has a subscription",
        severity=Severity.HIGH,
        frameworks=("WA OPS08", "WA REL06"),
        why="SNS takes what is published to a topic without subscriptions, and throws it away.",
        remediation="Declare a TopicSubscription, or a channel of a chat that names it, or no topic.",
    ),
    check=topics_subscribed,
)
PUBLISHERS_ADMITTED: Final = GraphRule(
    about=Description(
        id="publishers-admitted",
        title="Whatever publishes to a topic may publish there, and use the topic's key",
        severity=Severity.HIGH,
        frameworks=("WA OPS08", "WA REL06"),
        why="A message that SNS refuses, or cannot encrypt, is lost, and nobody but the publisher's metrics says so.",
        remediation="Allow the service sns:Publish in a TopicPolicy, and kms:Decrypt and kms:GenerateDataKey in the "
        "key's policy; allow EventBridge both without a condition. Watch ElastiCache by alarms.",
    ),
    check=publishers_admitted,
)
