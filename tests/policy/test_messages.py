"""Messages: by TLS, to the topic and from it."""

from __future__ import annotations

import json

import pytest

from policy.facts.alarms import TOPIC
from policy.rules.watching.messages import SUBSCRIPTIONS_ENCRYPTED, TOPICS_REFUSE_PLAINTEXT
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

OPEN = [("it", "no statement of its policy denies everybody sns:Publish without TLS")]
DENY = {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
PLAINTEXT: Plain = {"Bool": {"aws:SecureTransport": "false"}}


def document(**change: Plain) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [DENY | {"Condition": PLAINTEXT} | change]})


@pytest.mark.parametrize(
    ("policy", "passes"),
    [
        (document(), True),
        (document(Action=["sns:Publish", "sns:Subscribe"]), True),
        (document(Action="SNS:Publish"), True),
        (document(Action="*"), True),
        (document(Effect="Allow"), False),
        (document(Principal={"AWS": "arn:aws:iam::111111111111:root"}), False),
        (document(Action="sns:Subscribe"), False),
        (document(Condition={"Bool": {"aws:SecureTransport": "true"}}), False),
        (document(Condition={**json.loads(json.dumps(PLAINTEXT)), "StringEquals": {"aws:SourceAccount": "1"}}), False),
        ("{", False),
        (None, False),
        (7, False),
        ([], False),
    ],
)
def test_a_topic_refuses_plaintext(policy: Plain, *, passes: bool) -> None:
    topic = resource(TOPIC, "it")
    apart = resource("aws:sns/topicPolicy:TopicPolicy", "apart", {"policy": policy}, arn=topic)
    assert violations(TOPICS_REFUSE_PLAINTEXT, topic, apart) == ([] if passes else OPEN)
    within = resource(TOPIC, "it", {"policy": policy})
    assert violations(TOPICS_REFUSE_PLAINTEXT, within) == ([] if passes else OPEN)


def test_a_policy_that_is_not_known_is_judged_later() -> None:
    assert undecided(TOPICS_REFUSE_PLAINTEXT, resource(TOPIC, "it", {"policy": UNKNOWN})) == ["it"]


@pytest.mark.parametrize(
    ("protocol", "endpoint", "shown"),
    [
        ("email", "tmi@example.com", ""),
        ("https", "https://example.com", ""),
        ("https", UNKNOWN, ""),
        ("http", "http://example.com", "another text"),
        ("HTTP", UNKNOWN, "HTTP"),
        ("https", "HTTP://example.com", "another text"),
        (UNKNOWN, "https://example.com", "unknown until it is deployed"),
        (None, None, "absent"),
        (["http"], None, "another value"),
    ],
)
def test_nothing_is_delivered_in_plaintext(protocol: Plain, endpoint: Plain, shown: str) -> None:
    token = "aws:sns/topicSubscription:TopicSubscription"  # noqa: S105 -- a type token
    found = violations(SUBSCRIPTIONS_ENCRYPTED, resource(token, "it", {"protocol": protocol, "endpoint": endpoint}))
    assert found == ([("it", f"protocol is {shown}; it must be known, and not http")] if shown else [])
