"""Messages on their way: nothing is published or delivered in plaintext."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.alarms import TOPIC
from policy.facts.documents import denies_plaintext, statements
from policy.facts.policies import policies_of
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, ResourceRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, show

_TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
_PUBLISHING: Final = ("*", "sns:*", "SNS:*", "sns:Publish", "SNS:Publish")
_SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"


def topics_refuse_plaintext(graph: Graph) -> Iterator[Finding]:
    """The policy of each topic refuses whoever publishes without TLS."""
    for topic in graph.of_type(TOPIC):
        for holder, document in policies_of(graph, topic, "arn", _TOPIC_POLICY):
            if document is UNKNOWN:
                yield Undecided(holder, "whether it refuses plaintext")
            elif not any(
                denies_plaintext(each, "*", "sns:*", "sns:Publish", "SNS:Publish")
                for each in statements(document) or ()
            ):
                yield Violation(topic, "no statement of its policy denies everybody sns:Publish without TLS")


def subscriptions_encrypted(subscription: Resource) -> Iterator[Violation]:
    """No subscription delivers to a plaintext address."""
    protocol, endpoint = subscription.get("protocol"), subscription.get("endpoint")
    plain = isinstance(endpoint, str) and endpoint.lower().startswith("http:")
    if not isinstance(protocol, str) or protocol.lower() == "http" or plain:
        yield Violation(subscription, f"protocol is {show(protocol)}; it must be known, and not http")


TOPICS_REFUSE_PLAINTEXT: Final = GraphRule(
    about=Description(
        id="topics-refuse-plaintext",
        title="Topics are published to by TLS alone",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC09",),
        why="SNS takes plaintext requests; what an alarm says of an outage is nobody else's to read or to write.",
        remediation="Add a statement to the TopicPolicy that denies * sns:Publish where aws:SecureTransport is false.",
    ),
    check=topics_refuse_plaintext,
)
SUBSCRIPTIONS_ENCRYPTED: Final = ResourceRule(
    about=Description(
        id="subscriptions-encrypted",
        title="No topic is delivered by plain HTTP",
        severity=Severity.HIGH,
        frameworks=("WA SEC09",),
        why="The topic is encrypted with a key of the stack, and then its messages cross the internet in the open.",
        remediation="Subscribe by https, email, a queue or a function.",
    ),
    types=frozenset({_SUBSCRIPTION}),
    check=subscriptions_encrypted,
)
