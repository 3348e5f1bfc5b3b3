"""PostgreSQL is encrypted, watched and kept, and its replicas no less than the primary."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from google.protobuf import json_format

from components.database import Database, DatabaseArgs, connection_url
from components.log_sink import LogSink
from components.secrets import StoredSecret
from components.settings import parse
from tests.cloud import Cloud, run
from tests.marked import secret
from tests.stack_files import document

MASTER = "master-password-of-a-test"
DIFFERENT = {
    "identifier", "engine", "engineVersion", "dbName", "username", "passwordWo", "passwordWoVersion",
    "dbSubnetGroupName", "allocatedStorage", "kmsKeyId", "multiAz", "backupRetentionPeriod", "backupWindow",
    "deleteAutomatedBackups", "skipFinalSnapshot", "finalSnapshotIdentifier", "replicateSourceDb", "availabilityZone",
}  # fmt: skip
"""What a replica inherits, or what is its own."""


def database(stack: str) -> Cloud:
    settings = parse(document(stack))

    def program() -> None:
        master = StoredSecret(
            arn=pulumi.Output.from_input("arn:master"),
            value=pulumi.Output.secret(MASTER),
            version=pulumi.Output.secret(7),
        )
        Database(
            "database-main",
            DatabaseArgs(
                identifier=f"{settings.name}-main",
                region=settings.region,
                account=settings.account,
                settings=settings.database.instances["main"],
                subnet_ids=["subnet-a", "subnet-b"],
                security_group_id="sg-database",
                key_arn="arn:key",
                logs=LogSink(key_arn="arn:logs", retention_days=365),
                master=master,
                deletion_protection=settings.deletion_protection,
            ),
        )

    return run(program)


def primary(stack: str) -> dict[str, Any]:
    return dict(database(stack).one(aws.rds.Instance, "database-main-primary").inputs)


def said(cloud: Cloud, name: str) -> dict[str, Any]:
    """What the program said of a server, without what the cloud answered."""
    inputs: dict[str, Any] = json_format.MessageToDict(cloud.one(aws.rds.Instance, name).request.object)
    return inputs


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


def test_minors_upgrade_themselves() -> None:
    inputs = primary("prod")
    assert inputs["engineVersion"] == "17"
    assert inputs["autoMinorVersionUpgrade"] is True
    assert "allowMajorVersionUpgrade" not in inputs


def test_storage_grows_up_to_its_ceiling() -> None:
    inputs = primary("prod")
    assert (inputs["storageType"], inputs["allocatedStorage"], inputs["maxAllocatedStorage"]) == ("gp3", 100, 1000)


def test_a_replica_is_as_safe_as_the_primary() -> None:
    cloud = database("prod")
    source = said(cloud, "database-main-primary")
    replica = said(cloud, "database-main-replica-reporting")
    assert replica["replicateSourceDb"] == "tmi-prod-main"
    assert replica["identifier"] == "tmi-prod-main-reporting"
    assert replica["availabilityZone"] == "eu-west-1c"
    common = source.keys() - DIFFERENT
    assert "parameterGroupName" in common
    assert {name: replica.get(name) for name in common} == {name: source[name] for name in common}


def test_a_replica_says_nothing_that_rds_refuses() -> None:
    replica = database("prod").one(aws.rds.Instance, "database-main-replica-reporting").inputs
    refused = {"username", "passwordWo", "dbName", "dbSubnetGroupName", "kmsKeyId", "allocatedStorage", "multiAz"}
    assert refused.isdisjoint(replica)
    assert replica["skipFinalSnapshot"] is True
    assert replica["backupRetentionPeriod"] == 0


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
