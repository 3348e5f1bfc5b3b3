"""What a server of PostgreSQL starts from, which is read once."""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws
import pytest

from sandbox.cloud.replacements import AWS
from tests.database import database, primary, said, said_of
from tests.stack_files import stack_file

WITH_THE_SOURCE = {"dbName", "username", "kmsKeyId"}
"""What no restore takes: with it, the provider would replace the server at the next run."""


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ({"kind": "snapshot", "snapshot": "before"}, {"snapshotIdentifier": "before"}),
        (
            {"kind": "point_in_time", "source": "tmi-prod-old", "time": "2026-11-27T03:00:00Z"},
            {
                "restoreToPointInTime": {
                    "sourceDbInstanceIdentifier": "tmi-prod-old",
                    "restoreTime": "2026-11-27T03:00:00Z",
                },
                "allocatedStorage": 100,
            },
        ),
        (
            {"kind": "point_in_time", "source": "tmi-prod-old", "time": "latest"},
            {
                "restoreToPointInTime": {
                    "sourceDbInstanceIdentifier": "tmi-prod-old",
                    "useLatestRestorableTime": True,
                },
                "allocatedStorage": 100,
            },
        ),
    ],
    ids=["snapshot", "moment", "latest"],
)
def test_a_restore_says_where_it_comes_from_and_nothing_that_comes_with_it(
    origin: dict[str, str], expected: dict[str, Any]
) -> None:
    cloud = database("prod", origin=origin)
    inputs = said(cloud, "database-main-primary")
    origins = {"snapshotIdentifier", "restoreToPointInTime", "allocatedStorage"}
    assert {name: inputs[name] for name in origins & inputs.keys()} == expected
    assert WITH_THE_SOURCE.isdisjoint(inputs)
    assert inputs["engine"] == "postgres"
    assert inputs["storageEncrypted"] is True
    assert {"passwordWo", "passwordWoVersion"} <= inputs.keys()


def test_backups_of_another_region_are_named_by_their_arn() -> None:
    inputs = primary("recovery")
    named = stack_file("recovery")["config"]["tmi:stack"]["database"]["instances"]["main"]["origin"]
    assert inputs["restoreToPointInTime"] == {
        "sourceDbInstanceAutomatedBackupsArn": named["automated_backup"],
        "useLatestRestorableTime": True,
    }
    assert WITH_THE_SOURCE.isdisjoint(inputs)


def test_a_new_server_comes_from_nothing() -> None:
    inputs = primary("prod")
    assert {"snapshotIdentifier", "restoreToPointInTime"}.isdisjoint(inputs)
    assert (inputs["dbName"], inputs["username"], inputs["kmsKeyId"]) == ("tmi", "tmi_master", "arn:key")


def test_what_would_replace_a_live_server_is_read_once() -> None:
    for instance in database("prod").of(aws.rds.Instance):
        ignored = set(instance.request.ignoreChanges)
        assert ignored == {*WITH_THE_SOURCE, "engine", "snapshotIdentifier", "restoreToPointInTime"}
        # Whatever else replaces a server is a constant of the program, or, for a replica, what it is.
        forced = set(AWS["aws:rds/instance:Instance"]) - ignored
        assert forced & said_of(instance).keys() <= {"storageEncrypted", "availabilityZone"}
    assert "availabilityZone" not in primary("prod")
