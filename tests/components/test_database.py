"""PostgreSQL is encrypted, watched and kept, and its replicas no less than the primary."""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws
import pytest

from components.database_names import connection_url
from tests.cloud import run
from tests.database import MASTER, database, primary, said, said_of
from tests.marked import secret
from tests.stack_files import document

DIFFERENT = {
    "identifier", "engine", "engineVersion", "dbName", "username", "passwordWo", "passwordWoVersion",
    "dbSubnetGroupName", "allocatedStorage", "kmsKeyId", "multiAz", "backupRetentionPeriod", "backupWindow",
    "deleteAutomatedBackups", "skipFinalSnapshot", "finalSnapshotIdentifier", "replicateSourceDb", "availabilityZone",
    "restoreToPointInTime", "snapshotIdentifier", "tags",
}  # fmt: skip
"""What a replica inherits, or what is its own."""


def test_the_master_password_is_written_only() -> None:
    inputs = primary("prod")
    assert (inputs["passwordWo"], inputs["passwordWoVersion"]) == (secret(MASTER), secret(7))
    assert {"password", "manageMasterUserPassword"}.isdisjoint(inputs)


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_primary_is_encrypted_and_private(stack: str) -> None:
    inputs = primary(stack)
    assert inputs["storageEncrypted"] is True
    assert inputs["kmsKeyId"] == inputs["performanceInsightsKmsKeyId"] == "arn:key"
    assert inputs["publiclyAccessible"] is False
    assert inputs["vpcSecurityGroupIds"] == ["sg-database"]
    assert inputs["caCertIdentifier"] == "rds-ca-rsa2048-g1"


def test_production_is_kept_and_survives_a_zone() -> None:
    inputs = primary("prod")
    assert inputs["multiAz"] is True
    assert inputs["deletionProtection"] is True
    assert inputs["skipFinalSnapshot"] is False
    assert inputs["finalSnapshotIdentifier"] == "tmi-prod-main-final"
    assert inputs["deleteAutomatedBackups"] is False
    assert inputs["backupRetentionPeriod"] == 35
    assert inputs["applyImmediately"] is False
    assert all(instance.protect for instance in database("prod").of(aws.rds.Instance))


def test_development_goes_without_a_trace() -> None:
    inputs = primary("dev")
    assert inputs["multiAz"] is False
    assert inputs["deletionProtection"] is False
    assert inputs["skipFinalSnapshot"] is True
    assert "finalSnapshotIdentifier" not in inputs
    assert inputs["deleteAutomatedBackups"] is True
    assert inputs["applyImmediately"] is True
    assert not any(instance.protect for instance in database("dev").of(aws.rds.Instance))


@pytest.mark.parametrize(("stack", "mode", "days"), [("dev", "standard", 7), ("prod", "advanced", 465)])
def test_insights_keep_what_their_mode_asks_for(stack: str, mode: str, days: int) -> None:
    inputs = primary(stack)
    assert (inputs["databaseInsightsMode"], inputs["performanceInsightsRetentionPeriod"]) == (mode, days)
    assert inputs["performanceInsightsEnabled"] is True
    assert inputs["monitoringInterval"] == 60


@pytest.mark.parametrize(
    ("version", "expected"),
    [({"kind": "automatic", "major": "17"}, ("17", True)), ({"kind": "pinned", "version": "17.6"}, ("17.6", False))],
)
def test_a_minor_is_either_pinned_or_upgraded_on_every_server(
    version: dict[str, str], expected: tuple[str, bool]
) -> None:
    cloud = database("prod", engine_version=version)
    inputs = cloud.one(aws.rds.Instance, "database-main-primary").inputs
    assert (inputs["engineVersion"], inputs["autoMinorVersionUpgrade"]) == expected
    assert "allowMajorVersionUpgrade" not in inputs
    assert {each.inputs["autoMinorVersionUpgrade"] for each in cloud.of(aws.rds.Instance)} == {expected[1]}
    assert cloud.one(aws.rds.ParameterGroup).inputs["family"] == "postgres17"


def test_a_retiring_replica_may_go_and_no_other_server_with_it() -> None:
    replicas = document("prod")["database"]["instances"]["main"]["replicas"]
    replicas["standby"]["retiring"] = True
    kept = {
        instance.name: (instance.protect, instance.inputs["deletionProtection"])
        for instance in database("prod", replicas=replicas).of(aws.rds.Instance)
    }
    assert kept == {
        "database-main-primary": (True, True),
        "database-main-replica-reporting": (True, True),
        "database-main-replica-standby": (False, False),
    }


def test_a_retiring_server_may_go_and_leaves_its_last_snapshot() -> None:
    cloud = database("prod", retiring=True)
    for instance in cloud.of(aws.rds.Instance):
        assert instance.inputs["deletionProtection"] is False
        assert not instance.protect
    inputs = cloud.one(aws.rds.Instance, "database-main-primary").inputs
    assert inputs["finalSnapshotIdentifier"] == "tmi-prod-main-final"
    assert inputs["skipFinalSnapshot"] is False
    assert inputs["deleteAutomatedBackups"] is False


@pytest.mark.parametrize("loaded", [True, False])
def test_plans_are_logged_where_they_are_asked_for(loaded: bool) -> None:  # noqa: FBT001 -- a case of the test
    group = database("prod", auto_explain=loaded).one(aws.rds.ParameterGroup)
    told = {parameter["name"]: parameter for parameter in group.inputs["parameters"]}
    assert told["shared_preload_libraries"] == {
        "name": "shared_preload_libraries",
        "value": "pg_stat_statements,auto_explain" if loaded else "pg_stat_statements",
        "applyMethod": "pending-reboot",
    }
    assert ("auto_explain.log_min_duration" in told) is loaded


def test_storage_grows_up_to_its_ceiling() -> None:
    inputs = primary("prod")
    assert (inputs["storageType"], inputs["allocatedStorage"], inputs["maxAllocatedStorage"]) == ("gp3", 100, 1000)


@pytest.mark.parametrize(("name", "zone"), [("reporting", "eu-west-1c"), ("standby", "eu-west-1b")])
def test_a_replica_is_as_safe_as_the_primary(name: str, zone: str) -> None:
    cloud = database("prod")
    source = said(cloud, "database-main-primary")
    replica = said(cloud, f"database-main-replica-{name}")
    assert replica["replicateSourceDb"] == "tmi-prod-main"
    assert replica["identifier"] == f"tmi-prod-main-{name}"
    assert replica["availabilityZone"] == zone
    common = source.keys() - DIFFERENT
    assert {"parameterGroupName", "deletionProtection", "autoMinorVersionUpgrade"} <= common
    assert {key: replica.get(key) for key in common} == {key: source[key] for key in common}


def test_a_replica_says_nothing_that_rds_refuses() -> None:
    replica = database("prod").one(aws.rds.Instance, "database-main-replica-reporting").inputs
    refused = {"username", "passwordWo", "dbName", "dbSubnetGroupName", "kmsKeyId", "allocatedStorage", "multiAz"}
    assert refused.isdisjoint(replica)
    assert replica["skipFinalSnapshot"] is True
    assert replica["backupRetentionPeriod"] == 0


def test_the_primary_alone_is_marked_for_backups() -> None:
    cloud = database("prod")
    marked = {each.name: said_of(each).get("tags") for each in cloud.of(aws.rds.Instance)}
    assert marked == {
        "database-main-primary": {"tmi:backup": "daily"},
        "database-main-replica-reporting": None,
        "database-main-replica-standby": None,
    }


def test_development_has_no_replica() -> None:
    assert [instance.name for instance in database("dev").of(aws.rds.Instance)] == ["database-main-primary"]


def test_log_groups_are_there_before_their_server() -> None:
    cloud = database("prod")
    groups = {group.name: group.inputs for group in cloud.of(aws.cloudwatch.LogGroup)}
    assert {inputs["name"] for inputs in groups.values()} == {
        "/aws/rds/instance/tmi-prod-main/postgresql",
        "/aws/rds/instance/tmi-prod-main/upgrade",
        "/aws/rds/instance/tmi-prod-main-reporting/postgresql",
        "/aws/rds/instance/tmi-prod-main-reporting/upgrade",
        "/aws/rds/instance/tmi-prod-main-standby/postgresql",
        "/aws/rds/instance/tmi-prod-main-standby/upgrade",
    }
    assert {(inputs["kmsKeyId"], inputs["retentionInDays"]) for inputs in groups.values()} == {("arn:logs", 365)}
    for instance in cloud.of(aws.rds.Instance):
        own = {name for name, inputs in groups.items() if f"/{instance.inputs['identifier']}/" in inputs["name"]}
        assert len(own) == 2
        assert own <= instance.dependencies


def test_the_parameter_group_is_attached_and_forces_tls() -> None:
    cloud = database("prod")
    group = cloud.one(aws.rds.ParameterGroup)
    assert group.inputs["family"] == "postgres17"
    forced = {"name": "rds.force_ssl", "value": "1", "applyMethod": "pending-reboot"}
    assert forced in group.inputs["parameters"]
    assert all(group.name in instance.dependencies for instance in cloud.of(aws.rds.Instance))


def test_the_monitoring_role_is_for_these_servers_alone() -> None:
    cloud = database("prod")
    role = cloud.one(aws.iam.Role)
    (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "222222222222"}
    assert statement["Condition"]["ArnEquals"]["aws:SourceArn"] == [
        "arn:aws:rds:eu-west-1:222222222222:db:tmi-prod-main",
        "arn:aws:rds:eu-west-1:222222222222:db:tmi-prod-main-reporting",
        "arn:aws:rds:eu-west-1:222222222222:db:tmi-prod-main-standby",
    ]
    attachment = cloud.one(aws.iam.RolePolicyAttachment)
    assert attachment.inputs["policyArn"].endswith(":policy/service-role/AmazonRDSEnhancedMonitoringRole")
    assert all(attachment.name in instance.dependencies for instance in cloud.of(aws.rds.Instance))


def test_the_url_verifies_the_server_and_is_a_secret() -> None:
    def program() -> None:
        url = connection_url("main.example.com", "password")
        pulumi.export("url", url)
        pulumi.export("secret", pulumi.Output.from_input(url.is_secret()))

    exports = run(program).exports
    assert exports["url"] == "postgres://tmi:password@main.example.com:5432/tmi?sslmode=verify-full"
    assert exports["secret"] is True
