"""Policies of resources: nobody in particular is let in."""

from __future__ import annotations

import json

import pytest

from policy.rules.identity.resource_policies import BUCKETS_ADMINISTERED_AT_HOME, RESOURCES_CLOSED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
OPEN = "policy, statement 1: it lets everybody in; name a principal, or the account in a condition"
PUBLISH = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}


def document(**statement: Plain) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": PUBLISH | statement})


def conditions(**held: Plain) -> str:
    return document(Condition=held)


@pytest.mark.parametrize(
    ("policy", "passes"),
    [
        (document(Principal={"Service": "cloudwatch.amazonaws.com"}), True),
        (document(Principal={"AWS": "arn:aws:iam::111111111111:root"}), True),
        (document(Effect="Deny"), True),
        (document(), False),
        (document(Principal={"AWS": ["*"]}), False),
        (document(Effect=None), False),
        (json.dumps({"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": "x\ny"}}}), False),
        (conditions(StringEquals={"aws:SourceAccount": "111111111111"}), True),
        (conditions(StringEquals={"AWS:SourceOwner": "111111111111"}), True),
        (conditions(ArnLike={"aws:SourceArn": "arn:aws:s3:::tmi-*"}), True),
        (conditions(IpAddress={"aws:SourceIp": "192.0.2.0/24"}), True),
        (conditions(**{"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": ["o-1/*"]}}), True),
        (conditions(IpAddress={"aws:SourceIp": ["192.0.2.0/24", "0.0.0.0/0"]}), False),
        (conditions(StringLike={"aws:PrincipalArn": "*"}), False),
        (conditions(StringEquals={"aws:SourceAccount": []}), False),
        (conditions(StringNotEquals={"aws:SourceAccount": "111111111111"}), False),
        (conditions(StringEqualsIfExists={"aws:SourceAccount": "111111111111"}), False),
        (conditions(Bool={"aws:SecureTransport": "true"}), False),
        (conditions(StringEquals="aws:SourceAccount"), False),
        (document(Condition=["x"]), False),
        ("{", True),
        (None, True),
        ("", True),
        (7, True),
    ],
)
def test_a_policy_says_whom_it_lets_in(policy: Plain, *, passes: bool) -> None:
    found = violations(RESOURCES_CLOSED, resource(TOPIC_POLICY, "it", {"policy": policy}))
    assert found == ([] if passes else [("it", OPEN)])


@pytest.mark.parametrize("token", sorted(RESOURCES_CLOSED.types))
def test_each_type_is_read_where_it_holds_its_policy(token: str) -> None:
    held = resource(token, "it", {"policy": document(), "policyDocument": document()})
    assert [name for name, _ in violations(RESOURCES_CLOSED, held)] == ["it"]


def test_a_document_that_is_not_known_is_judged_later() -> None:
    assert undecided(RESOURCES_CLOSED, resource(TOPIC_POLICY, "it", {"policy": UNKNOWN})) == ["it"]
    # A bucket's own is whatever a BucketPolicy makes it.
    assert undecided(RESOURCES_CLOSED, resource("aws:s3/bucket:Bucket", "it", {"policy": UNKNOWN})) == []


BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ANOTHER = {"AWS": "arn:aws:iam::222222222222:root"}
GIVEN = "policy, statement 1: it gives the bucket's administration away"


@pytest.mark.parametrize(
    ("policy", "passes"),
    [
        (document(Principal=ANOTHER, Action="s3:GetObject"), True),
        (document(Principal=ANOTHER, Action=["s3:PutObject", "s3:ListBucket"]), True),
        (document(Principal=ANOTHER, Action="s3:*", Effect="Deny"), True),
        (document(Principal=ANOTHER, Action="s3:PutBucketPolicy"), False),
        (document(Principal=ANOTHER, Action=["s3:GetObject", "S3:putobjectacl"]), False),
        (document(Principal=ANOTHER, Action="s3:Put*"), False),
        (document(Principal=ANOTHER, Action="*"), False),
        (document(Principal=ANOTHER, Action=None, NotAction="s3:GetObject"), False),
        (document(Principal=ANOTHER, Action=7), True),
        ("{", True),
        ([], True),
    ],
)
def test_a_buckets_administration_stays_at_home(policy: Plain, *, passes: bool) -> None:
    found = violations(BUCKETS_ADMINISTERED_AT_HOME, resource(BUCKET_POLICY, "it", {"policy": policy}))
    assert found == ([] if passes else [("it", GIVEN)])


def test_whether_it_does_is_open_until_the_document_is_known() -> None:
    assert undecided(BUCKETS_ADMINISTERED_AT_HOME, resource(BUCKET_POLICY, "it", {"policy": UNKNOWN})) == ["it"]
    for token, policy in ((BUCKET_POLICY, None), ("aws:s3/bucket:Bucket", UNKNOWN)):
        assert undecided(BUCKETS_ADMINISTERED_AT_HOME, resource(token, "it", {"policy": policy})) == []
