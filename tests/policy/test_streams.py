"""Delivery streams, and what reads along in a chat."""

from __future__ import annotations

import pytest

from policy.rules.chats import CHANNELS, CHATS_LOOK_ONLY
from policy.rules.streams import STREAM, STREAMS_ENCRYPTED, STREAMS_REPORT_ERRORS
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, violations

READING = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"
WIDE = "one of its guardrailPolicyArns is no policy of AWS's that only reads, nor the stack's"


@pytest.mark.parametrize(
    "properties",
    [
        {"serverSideEncryption": {"enabled": True}},
        {"kinesisSourceConfiguration": {"kinesisStreamArn": UNKNOWN}},
        {"mskSourceConfiguration": UNKNOWN},
    ],
)
def test_a_stream_is_encrypted_or_has_a_source_that_is(properties: dict[str, Plain]) -> None:
    assert violations(STREAMS_ENCRYPTED, resource(STREAM, "it", properties)) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "absent"),
        ({}, "absent"),
        ({"enabled": False}, "false"),
        ({"enabled": "true"}, "another text"),
        (UNKNOWN, "unknown until it is deployed"),
        ([[True]], "unknown until it is deployed"),
    ],
)
def test_a_plain_stream_is_reported(value: Plain, shown: str) -> None:
    message = f"serverSideEncryption.enabled is {shown}; it must be true"
    assert violations(STREAMS_ENCRYPTED, resource(STREAM, "it", {"serverSideEncryption": value})) == [("it", message)]


def test_each_destination_of_a_stream_logs_its_errors() -> None:
    logged: Plain = {"cloudwatchLoggingOptions": {"enabled": True}}
    properties: dict[str, Plain] = {
        "destination": "extended_s3",
        "kinesisSourceConfiguration": {},
        "extendedS3Configuration": logged,
    }
    assert violations(STREAMS_REPORT_ERRORS, resource(STREAM, "it", properties)) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({}, "absent"),
        (UNKNOWN, "unknown until it is deployed"),
        ({"cloudwatchLoggingOptions": {"enabled": False}}, "false"),
    ],
)
def test_a_destination_without_a_log_is_reported(value: Plain, shown: str) -> None:
    message = f"httpEndpointConfiguration.cloudwatchLoggingOptions.enabled is {shown}; it must be true"
    found = violations(STREAMS_REPORT_ERRORS, resource(STREAM, "it", {"httpEndpointConfiguration": value}))
    assert found == [("it", message)]


@pytest.mark.parametrize("token", CHANNELS)
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([READING], None),
        ([READING, "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess"], None),
        (["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"], None),
        (["arn:aws:iam::aws:policy/AdministratorAccess"], WIDE),
        (["arn:aws:iam::111111111111:policy/ReadOnlyAccess"], WIDE),
        ([READING, f"{READING}\n"], WIDE),
        ([READING, UNKNOWN], WIDE),
        (UNKNOWN, WIDE),
        ("", WIDE),
        ([], "it has no guardrailPolicyArns, so its role alone bounds what a message can do"),
        (None, "it has no guardrailPolicyArns, so its role alone bounds what a message can do"),
        ({"a": "b"}, WIDE),
    ],
)
def test_a_channel_looks_only(token: str, value: Plain, message: str | None) -> None:
    found = violations(CHATS_LOOK_ONLY, resource(token, "it", {"guardrailPolicyArns": value}))
    assert found == ([] if message is None else [("it", message)])


def test_a_guardrail_of_the_stack_is_judged_as_a_policy() -> None:
    policy = resource("aws:iam/policy:Policy", "guardrail")
    channel = made_from(resource(CHANNELS[0], "it", {"guardrailPolicyArns": [UNKNOWN]}), "guardrailPolicyArns", policy)
    assert violations(CHATS_LOOK_ONLY, policy, channel) == []
