"""Databases: private, watched, current, recoverable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.facts.replicas import DATABASE
from policy.rules.data.databases import DATABASES_CURRENT, DATABASES_PRIVATE, DATABASES_RECOVERABLE, DATABASES_WATCHED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

SUBNETS = resource("aws:rds/subnetGroup:SubnetGroup", "subnets")
PRIMARY = resource(DATABASE, "primary", dbSubnetGroupName=SUBNETS)
NO_SUBNETS = "dbSubnetGroupName must name a subnet group of this stack"
SHOWN = "unknown until it is deployed"


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (False, ""), (True, "true"), (UNKNOWN, SHOWN), ("no", "another text")]
)
def test_no_database_is_public(value: Plain, shown: str) -> None:
    instance = resource(DATABASE, "it", {"publiclyAccessible": value}, dbSubnetGroupName=SUBNETS)
    expected = [("it", f"publiclyAccessible is {shown}; it must be false")] if shown else []
    assert violations(DATABASES_PRIVATE, instance, SUBNETS) == expected


@pytest.mark.parametrize("name", [None, "default", UNKNOWN])
def test_a_database_stands_in_a_subnet_group_of_the_stack(name: Plain) -> None:
    instance = resource(DATABASE, "it", {"dbSubnetGroupName": name})
    assert violations(DATABASES_PRIVATE, instance, SUBNETS) == [("it", NO_SUBNETS)]


@pytest.mark.parametrize(
    "token", ["snapshot:Snapshot", "snapshotCopy:SnapshotCopy", "clusterSnapshotCopy:ClusterSnapshotCopy"]
)
@pytest.mark.parametrize(("accounts", "passes"), [(None, True), ([], True), (["all"], False), (UNKNOWN, False)])
def test_no_snapshot_is_shared(token: str, accounts: Plain, *, passes: bool) -> None:
    message = "sharedAccounts must be absent: whoever it names restores all of the data"
    found = violations(DATABASES_PRIVATE, resource(f"aws:rds/{token}", "it", {"sharedAccounts": accounts}))
    assert found == ([] if passes else [("it", message)])


def test_a_replica_inherits_its_subnet_group_within_its_region_alone() -> None:
    near = resource(DATABASE, "near", replicateSourceDb=PRIMARY)
    chained = resource(DATABASE, "chained", replicateSourceDb=near)
    assert violations(DATABASES_PRIVATE, PRIMARY, SUBNETS, near, chained) == []
    far = resource(DATABASE, "far", {"region": "eu-central-1"}, replicateSourceDb=PRIMARY)
    assert violations(DATABASES_PRIVATE, PRIMARY, SUBNETS, far) == [("far", NO_SUBNETS)]
    foreign = resource(DATABASE, "near", {"dbSubnetGroupName": "default"}, replicateSourceDb=PRIMARY)
    assert violations(DATABASES_PRIVATE, PRIMARY, SUBNETS, foreign) == [("near", NO_SUBNETS)]


WATCHED: dict[str, Plain] = {
    "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
    "performanceInsightsEnabled": True,
    "monitoringInterval": 60,
    "monitoringRoleArn": UNKNOWN,
}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, ""),
        ({"enabledCloudwatchLogsExports": None}, "enabledCloudwatchLogsExports must hold postgresql"),
        ({"enabledCloudwatchLogsExports": ["upgrade"]}, "enabledCloudwatchLogsExports must hold postgresql"),
        ({"enabledCloudwatchLogsExports": UNKNOWN}, "enabledCloudwatchLogsExports must hold postgresql"),
        ({"performanceInsightsEnabled": None}, "performanceInsightsEnabled is absent; it must be true"),
        ({"performanceInsightsEnabled": False}, "performanceInsightsEnabled is false; it must be true"),
        ({"performanceInsightsEnabled": UNKNOWN}, f"performanceInsightsEnabled is {SHOWN}; it must be true"),
        ({"monitoringInterval": None}, "monitoringInterval is absent; it must be 1 s or more"),
        ({"monitoringInterval": 0}, "monitoringInterval is 0; it must be 1 s or more"),
        ({"monitoringInterval": True}, "monitoringInterval is true; it must be 1 s or more"),
        ({"monitoringInterval": UNKNOWN}, f"monitoringInterval is {SHOWN}; it must be 1 s or more"),
        ({"monitoringRoleArn": None}, "monitoringRoleArn must name the role that delivers its metrics"),
    ],
)
def test_a_database_is_watched(changed: dict[str, Plain], message: str) -> None:
    instance = resource(DATABASE, "it", WATCHED | changed)
    assert violations(DATABASES_WATCHED, instance) == ([("it", message)] if message else [])


@pytest.mark.parametrize("authority", ["rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1"])
def test_a_current_authority_will_do(authority: str) -> None:
    known: dict[str, Plain] = {"caCertIdentifier": authority, "engineVersion": "17"}
    assert violations(DATABASES_CURRENT, resource(DATABASE, "it", known)) == []


@pytest.mark.parametrize("authority", [None, "rds-ca-2019", UNKNOWN])
def test_any_other_authority_will_not(authority: Plain) -> None:
    known: dict[str, Plain] = {"caCertIdentifier": authority, "engineVersion": "17"}
    message = "caCertIdentifier must be one of rds-ca-rsa2048-g1, rds-ca-rsa4096-g1, rds-ca-ecc384-g1"
    assert violations(DATABASES_CURRENT, resource(DATABASE, "it", known)) == [("it", message)]


EXACT = "engineVersion is exact: autoMinorVersionUpgrade must be false, or undoes it"
MAJOR = "engineVersion is a major alone: autoMinorVersionUpgrade must be true"


@pytest.mark.parametrize(
    ("version", "automatic", "message"),
    [
        ("17", None, ""),
        ("17", True, ""),
        (17, True, ""),
        ("17.2", False, ""),
        ("17.2", None, EXACT),
        ("17.2", True, EXACT),
        (17.2, True, EXACT),
        ("17", False, MAJOR),
        ("17", UNKNOWN, f"autoMinorVersionUpgrade is {SHOWN}; it must be true or false"),
        (UNKNOWN, True, f"engineVersion is {SHOWN}; it must be said"),
        (None, True, "engineVersion must be said: a major alone, or an exact minor"),
    ],
)
def test_one_party_decides_on_minor_versions(version: Plain, automatic: Plain, message: str) -> None:
    known: dict[str, Plain] = {
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "engineVersion": version,
        "autoMinorVersionUpgrade": automatic,
    }
    assert violations(DATABASES_CURRENT, resource(DATABASE, "it", known)) == ([("it", message)] if message else [])


@pytest.mark.parametrize("source", ["primary", UNKNOWN])
def test_a_replica_has_its_sources_version(source: Plain) -> None:
    known: dict[str, Plain] = {"caCertIdentifier": "rds-ca-rsa2048-g1", "replicateSourceDb": source}
    assert violations(DATABASES_CURRENT, resource(DATABASE, "it", known)) == []


KEPT: dict[str, Plain] = {
    "backupRetentionPeriod": 7,
    "copyTagsToSnapshot": True,
    "deletionProtection": True,
    "finalSnapshotIdentifier": "last",
}
NO_NAME = "finalSnapshotIdentifier must name the last snapshot of a protected instance"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, ""),
        ({"deletionProtection": False, "skipFinalSnapshot": True, "finalSnapshotIdentifier": None}, ""),
        ({"deletionProtection": None, "skipFinalSnapshot": True}, ""),
        ({"skipFinalSnapshot": True}, "skipFinalSnapshot is true; it must be false for a protected instance"),
        ({"skipFinalSnapshot": UNKNOWN}, f"skipFinalSnapshot is {SHOWN}; it must be false for a protected instance"),
        ({"finalSnapshotIdentifier": None}, NO_NAME),
        ({"deletionProtection": UNKNOWN, "finalSnapshotIdentifier": ""}, NO_NAME),
        ({"copyTagsToSnapshot": None}, "copyTagsToSnapshot is absent; it must be true"),
        ({"copyTagsToSnapshot": UNKNOWN}, f"copyTagsToSnapshot is {SHOWN}; it must be true"),
        ({"backupRetentionPeriod": None}, "backupRetentionPeriod is absent; it must be 7 days or more"),
        ({"backupRetentionPeriod": UNKNOWN}, f"backupRetentionPeriod is {SHOWN}; it must be 7 days or more"),
    ],
)
def test_a_primary_is_recoverable(changed: dict[str, Plain], message: str) -> None:
    instance = resource(DATABASE, "it", KEPT | changed)
    assert violations(DATABASES_RECOVERABLE, instance) == ([("it", message)] if message else [])


@given(st.integers(0, 35))
def test_backups_stay_for_a_week_at_least(days: int) -> None:
    found = violations(DATABASES_RECOVERABLE, resource(DATABASE, "it", KEPT | {"backupRetentionPeriod": days}))
    assert (found == []) is (days >= 7)


def test_a_replica_needs_no_backups() -> None:
    known: dict[str, Plain] = {"replicateSourceDb": "primary", "deletionProtection": True, "copyTagsToSnapshot": True}
    assert violations(DATABASES_RECOVERABLE, resource(DATABASE, "it", known)) == []
    untagged = resource(DATABASE, "it", known | {"copyTagsToSnapshot": False})
    assert violations(DATABASES_RECOVERABLE, untagged) == [("it", "copyTagsToSnapshot is false; it must be true")]
