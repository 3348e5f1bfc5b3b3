"""Deliveries: encrypted, reported, and into groups that are there before."""

from __future__ import annotations

import pytest

from policy.facts.replicas import DATABASE
from policy.graph import Resource
from policy.rules.watching.deliveries import DATABASE_LOGS_EXPECTED, DELIVERIES_ENCRYPTED, DELIVERIES_REPORTED
from policy.values import UNKNOWN, Plain
from tests.policy.making import made_from, resource, violations

STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
SHOWN = "unknown until it is deployed"


@pytest.mark.parametrize(
    ("properties", "shown"),
    [
        ({"serverSideEncryption": {"enabled": True}}, ""),
        ({"kinesisSourceConfiguration": {"kinesisStreamArn": UNKNOWN}}, ""),
        ({"serverSideEncryption": {"enabled": False}}, "false"),
        ({"serverSideEncryption": {}}, "absent"),
        ({"serverSideEncryption": UNKNOWN}, SHOWN),
        ({"serverSideEncryption": "x\ny"}, SHOWN),
        ({}, "absent"),
    ],
)
def test_a_stream_is_encrypted(properties: dict[str, Plain], shown: str) -> None:
    message = f"serverSideEncryption.enabled is {shown}; it must be true"
    assert violations(DELIVERIES_ENCRYPTED, resource(STREAM, "it", properties)) == ([("it", message)] if shown else [])


LOGGING = "extendedS3Configuration.cloudwatchLoggingOptions"


@pytest.mark.parametrize(
    ("options", "named", "message"),
    [
        ({"enabled": True}, True, ""),
        ({"enabled": True}, False, f"{LOGGING} must name a log group of this stack"),
        ({"enabled": False}, True, f"{LOGGING}.enabled is false; it must be true"),
        (None, True, f"{LOGGING}.enabled is absent; it must be true"),
        (UNKNOWN, True, f"{LOGGING}.enabled is {SHOWN}; it must be true"),
        (["x\ny"], True, f"{LOGGING}.enabled is {SHOWN}; it must be true"),
    ],
)
def test_a_delivery_reports_its_errors(options: Plain, named: bool, message: str) -> None:  # noqa: FBT001
    errors = resource(GROUP, "errors")
    configuration: dict[str, Plain] = {"extendedS3Configuration": {"cloudwatchLoggingOptions": options}}
    stream = resource(STREAM, "it", configuration, extendedS3Configuration=[errors] if named else [])
    assert violations(DELIVERIES_REPORTED, errors, stream) == ([("it", message)] if message else [])
    elsewhere = resource(STREAM, "it", {"httpEndpointConfiguration": {}})
    assert violations(DELIVERIES_REPORTED, elsewhere) == []


def group(name: Plain, *source: Resource, **properties: Plain) -> Resource:
    made = resource(GROUP, f"group-{name}", {"name": name, **properties})
    return made_from(made, "name", *source)


def exporting(identifier: Plain, exports: Plain = ("postgresql",)) -> Resource:
    return resource(DATABASE, "it", {"identifier": identifier, "enabledCloudwatchLogsExports": exports})


MISSING = [("it", "a log that it exports has no LogGroup of this stack in its region")]
HELD = group("/aws/rds/instance/db/postgresql")


@pytest.mark.parametrize(
    ("instance", "groups", "expected"),
    [
        (exporting("db"), [HELD], []),
        (exporting("db"), [], MISSING),
        (exporting("db"), [group("/aws/rds/instance/other/postgresql")], MISSING),
        (exporting("db"), [group("/aws/rds/instance/db/postgresql", region="eu-central-1")], MISSING),
        (exporting("db", ["postgresql", "upgrade"]), [HELD], MISSING),
        (exporting("db", ["postgresql", "upgrade"]), [HELD, group("/aws/rds/instance/db/upgrade")], []),
        (exporting("db"), [group(UNKNOWN)], MISSING),
        (exporting("db"), [group(UNKNOWN, exporting("db"))], []),
        (exporting(UNKNOWN), [], []),
        (exporting("db", None), [], []),
        (exporting(None), [HELD], [("it", "identifier must be said: its log groups are called by it")]),
    ],
)
def test_a_databases_logs_have_their_groups(
    instance: Resource, groups: list[Resource], expected: list[tuple[str, str]]
) -> None:
    assert violations(DATABASE_LOGS_EXPECTED, instance, *groups) == expected
