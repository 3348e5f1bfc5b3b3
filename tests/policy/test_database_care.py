"""Databases in the hands of people."""

from __future__ import annotations

import pytest

from policy.facts.replicas import DATABASE
from policy.rule import Rule
from policy.rules.data.database_care import (
    BACKUPS_OUTLIVE,
    CACHES_LEAVE_SNAPSHOT,
    CHANGES_WAIT,
    MASTERS_NAMED,
    STORAGE_GROWS,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
SHOWN = "unknown until it is deployed"
HOSTILE = "x\n- fine"
DEVELOPMENT: dict[str, Plain] = {"tags": {"tmi:tier": "development"}}


def judged(rule: Rule, token: str, properties: dict[str, Plain]) -> list[str]:
    """What a rule says in production; in development it says nothing."""
    assert violations(rule, resource(token, "it", DEVELOPMENT | properties)) == []
    return [message for _, message in violations(rule, resource(token, "it", properties))]


MASTER = "username must be known, and none of admin, master, postgres, rdsadmin, root"


@pytest.mark.parametrize(
    ("properties", "passes"),
    [
        ({"username": "tmi_master"}, True),
        ({"username": HOSTILE}, True),
        ({"username": "postgres"}, False),
        ({"username": "Admin"}, False),
        ({"username": UNKNOWN}, False),
        ({"username": ["postgres"]}, False),
        ({}, False),
        ({"replicateSourceDb": UNKNOWN}, True),
        ({"snapshotIdentifier": "last"}, True),
        ({"restoreToPointInTime": {"useLatestRestorableTime": True}}, True),
    ],
)
def test_a_master_has_a_name_of_its_own(properties: dict[str, Plain], *, passes: bool) -> None:
    assert violations(MASTERS_NAMED, resource(DATABASE, "it", properties)) == ([] if passes else [("it", MASTER)])


@pytest.mark.parametrize(
    ("value", "shown"),
    [(False, ""), (None, "absent"), (True, "true"), (UNKNOWN, SHOWN), (HOSTILE, "another text")],
)
def test_backups_outlive_their_database(value: Plain, shown: str) -> None:
    expected = [f"deleteAutomatedBackups is {shown}; it must be false in production"] if shown else []
    assert judged(BACKUPS_OUTLIVE, DATABASE, {"deleteAutomatedBackups": value}) == expected
    replica: dict[str, Plain] = {"deleteAutomatedBackups": value, "replicateSourceDb": UNKNOWN}
    assert judged(BACKUPS_OUTLIVE, DATABASE, replica) == []


@pytest.mark.parametrize(
    ("most", "now", "shown"),
    [
        (1000, 100, ""),
        (1000, None, ""),
        (1000, UNKNOWN, ""),
        (100, 100, "100"),
        (0, 100, "0"),
        (None, 100, "absent"),
        (UNKNOWN, 100, SHOWN),
        (HOSTILE, 100, "another text"),
    ],
)
def test_storage_grows(most: Plain, now: Plain, shown: str) -> None:
    expected = [f"maxAllocatedStorage is {shown}; it must be more than allocatedStorage"] if shown else []
    assert judged(STORAGE_GROWS, DATABASE, {"maxAllocatedStorage": most, "allocatedStorage": now}) == expected


@pytest.mark.parametrize("token", [DATABASE, CACHE])
@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (False, ""), (True, "true"), (UNKNOWN, SHOWN), (HOSTILE, "another text")]
)
def test_changes_wait(token: str, value: Plain, shown: str) -> None:
    expected = [f"applyImmediately is {shown}; it must be false in production"] if shown else []
    assert judged(CHANGES_WAIT, token, {"applyImmediately": value}) == expected


@pytest.mark.parametrize(("name", "passes"), [("last", True), (UNKNOWN, True), (None, False), ("", False)])
def test_a_cache_leaves_a_snapshot(name: Plain, *, passes: bool) -> None:
    expected = [] if passes else ["finalSnapshotIdentifier must name the last snapshot in production"]
    assert judged(CACHES_LEAVE_SNAPSHOT, CACHE, {"finalSnapshotIdentifier": name}) == expected
    scratch: dict[str, Plain] = {"finalSnapshotIdentifier": name, "tags": {"tmi:disposable": "true"}}
    assert judged(CACHES_LEAVE_SNAPSHOT, CACHE, scratch) == []
