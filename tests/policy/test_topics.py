"""Topics: somebody is subscribed, and what publishes may publish and use the key."""

from __future__ import annotations

import json

import pytest

from policy.facts.alarms import COMPOSITE_ALARM, METRIC_ALARM, TOPIC
from policy.graph import Resource
from policy.rules.watching.topics import PUBLISHERS_ADMITTED, TOPICS_SUBSCRIBED
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, undecided, violations

SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
ARN = "arn:aws:sns:eu-west-1:111111111111:told"
CLOUDWATCH, EVENTBRIDGE, RDS = "cloudwatch.amazonaws.com", "events.amazonaws.com", "events.rds.amazonaws.com"


def test_a_topic_has_a_subscription() -> None:
    topic = resource(TOPIC, "told", {"id": ARN})
    assert violations(TOPICS_SUBSCRIBED, topic) == [("told", "nobody is subscribed to it")]
    assert violations(TOPICS_SUBSCRIBED, topic, resource(SUBSCRIPTION, "person", topic=topic)) == []
    assert violations(TOPICS_SUBSCRIBED, topic, resource(SUBSCRIPTION, "person", {"topic": ARN})) == []
    for elsewhere in (f"{ARN}-other", UNKNOWN, None):
        found = violations(TOPICS_SUBSCRIBED, topic, resource(SUBSCRIPTION, "person", {"topic": elsewhere}))
        assert found == [("told", "nobody is subscribed to it")]


@pytest.mark.parametrize("kind", ["slack", "teams"])
def test_a_channel_of_a_chat_reads_too(kind: str) -> None:
    topic = resource(TOPIC, "told", {"id": ARN})
    token = f"aws:chatbot/{kind}ChannelConfiguration:{kind.capitalize()}ChannelConfiguration"
    assert violations(TOPICS_SUBSCRIBED, topic, resource(token, "channel", snsTopicArns=topic)) == []
    assert violations(TOPICS_SUBSCRIBED, topic, resource(token, "channel", {"snsTopicArns": [ARN]})) == []
    assert len(violations(TOPICS_SUBSCRIBED, topic, resource(token, "channel", {"snsTopicArns": []}))) == 1


def allowing(service: str, *actions: str, **more: Plain) -> dict[str, Plain]:
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions, "Resource": "*", **more}


def document(*statements: Plain) -> Plain:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


USE = ("kms:Decrypt", "kms:GenerateDataKey*")
OF_ACCOUNT: Plain = {"StringEquals": {"aws:SourceAccount": "111111111111"}}


def around(
    key_policy: Plain, topic_policy: Plain, *publishers: tuple[str, str], apart: bool = False
) -> tuple[Resource, ...]:
    """A topic with its key and policy, and what publishes to it: (type, property)."""
    key = resource("aws:kms/key:Key", "key", {} if apart else {"policy": key_policy})
    alias = resource("aws:kms/alias:Alias", "alias", targetKeyId=key)
    topic = resource(TOPIC, "told", {"kmsMasterKeyId": UNKNOWN}, kmsMasterKeyId=alias)
    policies = [resource("aws:sns/topicPolicy:TopicPolicy", "rights", {"policy": topic_policy}, arn=topic)]
    if apart:
        policies.append(resource("aws:kms/keyPolicy:KeyPolicy", "key-rights", {"policy": key_policy}, keyId=key))
    told = [
        made_from(resource(token, f"publisher-{number}"), name, topic)
        for number, (token, name) in enumerate(publishers)
    ]
    return key, alias, topic, *policies, *told


ALARM = (METRIC_ALARM, "alarmActions")
OVER = (COMPOSITE_ALARM, "okActions")
EVENT = ("aws:cloudwatch/eventTarget:EventTarget", "arn")
OF_RDS = ("aws:rds/eventSubscription:EventSubscription", "snsTopic")
NO_RIGHT = "no statement of its policy surely lets {} publish to it"
NO_KEY = "no statement of its policy surely lets {} use it for told"


@pytest.mark.parametrize(
    ("publisher", "service"), [(ALARM, CLOUDWATCH), (OVER, CLOUDWATCH), (EVENT, EVENTBRIDGE), (OF_RDS, RDS)]
)
@pytest.mark.parametrize("apart", [True, False])
def test_each_publisher_needs_both_rights(publisher: tuple[str, str], service: str, *, apart: bool) -> None:
    key, topic = document(allowing(service, *USE)), document(allowing(service, "SNS:Publish"))
    assert violations(PUBLISHERS_ADMITTED, *around(key, topic, publisher, apart=apart)) == []
    other = document(allowing("s3.amazonaws.com", "kms:*", "sns:*"))
    found = violations(PUBLISHERS_ADMITTED, *around(key, other, publisher, apart=apart))
    assert found == [("rights", NO_RIGHT.format(service))]
    found = violations(PUBLISHERS_ADMITTED, *around(other, topic, publisher, apart=apart))
    assert found == [("key-rights" if apart else "key", NO_KEY.format(service))]
    # Nobody needs a right where nobody publishes.
    assert violations(PUBLISHERS_ADMITTED, *around(other, other, apart=apart)) == []


@pytest.mark.parametrize(
    ("statement", "passes"),
    [
        (allowing(CLOUDWATCH, *USE), True),
        (allowing(CLOUDWATCH, "kms:*"), True),
        (allowing(CLOUDWATCH, *USE, Condition=OF_ACCOUNT), True),
        (allowing(CLOUDWATCH, *USE, Effect="Deny"), False),
        (allowing(CLOUDWATCH, "kms:Decrypt"), False),
        (allowing(CLOUDWATCH, "kms:GenerateDataKey"), False),
        (allowing(CLOUDWATCH, *USE, Principal={"AWS": CLOUDWATCH}), False),
        (None, False),
    ],
)
def test_what_a_key_has_to_allow(statement: Plain, *, passes: bool) -> None:
    found = violations(PUBLISHERS_ADMITTED, *around(document(statement), document(allowing(CLOUDWATCH, "*")), ALARM))
    assert found == ([] if passes else [("key", NO_KEY.format(CLOUDWATCH))])


def test_eventbridge_says_nothing_of_its_source() -> None:
    conditioned = document(allowing(EVENTBRIDGE, *USE, "sns:Publish", Condition=OF_ACCOUNT))
    found = violations(PUBLISHERS_ADMITTED, *around(conditioned, conditioned, EVENT))
    assert found == [("rights", NO_RIGHT.format(EVENTBRIDGE)), ("key", NO_KEY.format(EVENTBRIDGE))]


def test_a_document_that_is_not_known_is_not_decided_but_one_that_is_absent_is() -> None:
    known = document(allowing(CLOUDWATCH, *USE, "sns:Publish"))
    assert undecided(PUBLISHERS_ADMITTED, *around(known, UNKNOWN, ALARM)) == ["rights"]
    assert undecided(PUBLISHERS_ADMITTED, *around(UNKNOWN, known, ALARM)) == ["key"]
    assert undecided(PUBLISHERS_ADMITTED, *around(known, known, ALARM)) == []
    for absent in (None, "{}", "no document"):
        found = violations(PUBLISHERS_ADMITTED, *around(absent, absent, ALARM))
        assert found == [("rights", NO_RIGHT.format(CLOUDWATCH)), ("key", NO_KEY.format(CLOUDWATCH))]


def test_elasticache_publishes_to_no_encrypted_topic() -> None:
    cache = ("aws:elasticache/replicationGroup:ReplicationGroup", "notificationTopicArn")
    found = violations(PUBLISHERS_ADMITTED, *around(UNKNOWN, UNKNOWN, cache))
    assert found == [("publisher-0", "notificationTopicArn names an encrypted topic; ElastiCache publishes to none")]
