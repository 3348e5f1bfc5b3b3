"""Logs: kept for a stated time, archived as a whole, under lock."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policy.graph import Resource
from policy.rules.watching.logs import ARCHIVES_LOCKED, LOGS_ARCHIVED, LOGS_KEPT
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

GROUP = "aws:cloudwatch/logGroup:LogGroup"
SUBSCRIPTION = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
ONE, OTHER, ERRORS = (resource(GROUP, name) for name in ("one", "other", "errors"))
BUCKET = resource("aws:s3/bucket:Bucket", "archive")
SHORT: tuple[Plain, ...] = tuple(
    {"defaultRetention": {"mode": "GOVERNANCE", **length}}
    for length in ({}, {"days": 29}, {"days": UNKNOWN}, {"days": "365"}, {"years": 0}, {"years": [1]})
)


def subscribed(group: Resource, pattern: Plain = "") -> Resource:
    return resource(SUBSCRIPTION, f"{group.name}-archive", {"filterPattern": pattern}, logGroup=group)


@pytest.mark.parametrize("days", [30, 365, 365.0])
def test_a_stated_retention_passes(days: Plain) -> None:
    assert violations(LOGS_KEPT, resource(GROUP, "it", {"retentionInDays": days})) == []


@pytest.mark.parametrize(
    ("days", "shown"), [(None, "absent"), (0, "0"), (7, "7"), (UNKNOWN, "unknown"), ("365", "text")]
)
def test_a_retention_that_is_none(days: Plain, shown: str) -> None:
    ((name, message),) = violations(LOGS_KEPT, resource(GROUP, "it", {"retentionInDays": days}))
    assert name == "it"
    assert message.startswith("retentionInDays is ")
    assert shown == "text" or shown in message


LEFT_OUT = "no subscription hands every line of it on"
DEVELOPMENT: dict[str, Plain] = {"tags": {"tmi:tier": "development"}}


def test_a_stack_for_development_needs_no_archive() -> None:
    one, other = resource(GROUP, "one", DEVELOPMENT), resource(GROUP, "other", DEVELOPMENT)
    assert violations(LOGS_ARCHIVED, one, other) == []
    assert violations(LOGS_ARCHIVED, one, other, subscribed(one)) == [("other", LEFT_OUT)]


@pytest.mark.parametrize("tags", [{}, {"tmi:tier": "production"}, {"tmi:tier": UNKNOWN}])
def test_every_other_stack_needs_one(tags: Plain) -> None:
    group = resource(GROUP, "one", {"tags": tags})
    assert violations(LOGS_ARCHIVED, group, resource(GROUP, "other", DEVELOPMENT)) == [
        ("one", LEFT_OUT),
        ("other", LEFT_OUT),
    ]


def test_a_whole_archive_passes() -> None:
    stream = resource(STREAM, "stream", extendedS3Configuration=[BUCKET, ERRORS])
    found = [ONE, OTHER, ERRORS, subscribed(ONE), subscribed(OTHER, None), stream]
    assert violations(LOGS_ARCHIVED, *found) == []


def test_no_group_is_left_out() -> None:
    assert violations(LOGS_ARCHIVED, ONE, OTHER, subscribed(ONE)) == [("other", LEFT_OUT)]


@pytest.mark.parametrize("pattern", ["ERROR", UNKNOWN])
def test_no_line_is_left_out(pattern: Plain) -> None:
    assert violations(LOGS_ARCHIVED, ONE, subscribed(ONE, pattern)) == [("one", LEFT_OUT)]


def test_a_delivery_does_not_feed_itself() -> None:
    stream = resource(STREAM, "stream", extendedS3Configuration=[BUCKET, ERRORS])
    found = violations(LOGS_ARCHIVED, ONE, ERRORS, subscribed(ONE), subscribed(ERRORS), stream)
    assert found == [("errors-archive", "errors holds the errors of the delivery, which would feed itself")]


@pytest.mark.parametrize("mode", ["GOVERNANCE", "COMPLIANCE"])
@pytest.mark.parametrize("length", [{"days": 30}, {"years": 1}])
def test_a_locked_archive_passes(mode: str, length: Mapping[str, Plain]) -> None:
    stream = resource(STREAM, "stream", extendedS3Configuration=BUCKET)
    lock = resource(LOCK, "lock", {"rule": {"defaultRetention": {"mode": mode, **length}}}, bucket=BUCKET)
    assert violations(ARCHIVES_LOCKED, BUCKET, stream, lock) == []


@pytest.mark.parametrize("rule", [None, UNKNOWN, {}, {"defaultRetention": {"mode": "NONE", "days": 30}}, *SHORT])
def test_a_lock_that_locks_nothing(rule: Plain) -> None:
    stream = resource(STREAM, "stream", extendedS3Configuration=BUCKET)
    lock = resource(LOCK, "lock", {"rule": rule}, bucket=BUCKET)
    message = "it keeps what Firehose delivers, and no object lock has a default retention of 30 days or more"
    assert violations(ARCHIVES_LOCKED, BUCKET, stream, lock) == [("archive", message)]
    assert violations(ARCHIVES_LOCKED, BUCKET, stream) == [("archive", message)]


def test_a_bucket_of_another_stack_cannot_be_judged() -> None:
    far: dict[str, Plain] = {"extendedS3Configuration": {"bucketArn": "arn:aws:s3:::elsewhere"}}
    message = "it delivers to a bucket of another stack, so nobody can tell whether that has a lock"
    assert violations(ARCHIVES_LOCKED, resource(STREAM, "stream", far)) == [("stream", message)]
    assert violations(ARCHIVES_LOCKED, resource(STREAM, "stream", {**far, **DEVELOPMENT})) == []
    assert violations(ARCHIVES_LOCKED, resource(STREAM, "stream", {"destination": "splunk"})) == []


def test_an_archive_for_development_needs_no_lock() -> None:
    bucket = resource("aws:s3/bucket:Bucket", "archive", DEVELOPMENT)
    stream = resource(STREAM, "stream", extendedS3Configuration=bucket)
    assert violations(ARCHIVES_LOCKED, bucket, stream) == []


def test_a_bucket_of_something_else_needs_no_lock() -> None:
    assert violations(ARCHIVES_LOCKED, BUCKET) == []


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (None, ""),
        ("STANDARD", ""),
        ("INFREQUENT_ACCESS", ""),
        ("DELIVERY", "another text"),
        (UNKNOWN, "unknown until it is deployed"),
    ],
)
def test_a_group_that_keeps_a_day_is_none(kind: Plain, shown: str) -> None:
    group = resource("aws:cloudwatch/logGroup:LogGroup", "it", {"retentionInDays": 365, "logGroupClass": kind})
    message = f"logGroupClass is {shown}; it must be absent, STANDARD or INFREQUENT_ACCESS"
    assert violations(LOGS_KEPT, group) == ([("it", message)] if shown else [])
