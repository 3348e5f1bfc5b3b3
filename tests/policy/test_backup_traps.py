"""Traps of backups."""

from __future__ import annotations

import pytest

from policy.facts.replicas import DATABASE
from policy.graph import PROVIDER, Resource
from policy.rules.data.backup_traps import PLANS_FIT_LOCKS, REPLICATIONS_KEPT, RESTORE_TESTS_INSIDE
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

HOME = Resource(
    urn="urn:pulumi:test::tmi::pulumi:providers:aws::main",
    type=f"{PROVIDER}aws",
    name="main",
    properties={"region": "eu-west-1"},
)
AWAY: dict[str, Plain] = {"region": "eu-central-1"}
VAULT, FAR = resource("aws:backup/vault:Vault", "home"), resource("aws:backup/vault:Vault", "far", AWAY)


def lock(vault: Resource, **bounds: Plain) -> Resource:
    token = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"  # noqa: S105 -- a type token
    return resource(token, f"lock-{vault.name}", bounds, backupVaultName=vault)


def kept(days: Plain, copied: Plain = 35) -> dict[str, Plain]:
    copy: Plain = {"lifecycle": {"deleteAfter": copied}}
    return {"rules": [{"lifecycle": {"deleteAfter": days}, "copyActions": [copy]}]}


def misfits(rules: dict[str, Plain], *locks: Resource) -> list[str]:
    plan = resource("aws:backup/plan:Plan", "plan", rules, rules=[VAULT, FAR])
    return [message for _, message in violations(PLANS_FIT_LOCKS, HOME, VAULT, FAR, plan, *locks)]


HERE = "a lifecycle.deleteAfter of rules is not what the lock of home allows"
THERE = "a lifecycle.deleteAfter of copyActions is not what the lock of far allows"


@pytest.mark.parametrize(
    ("days", "bounds", "passes"),
    [
        (35, {"minRetentionDays": 35, "maxRetentionDays": 365}, True),
        (365, {"minRetentionDays": 35, "maxRetentionDays": 365}, True),
        (34, {"minRetentionDays": 35}, False),
        (366, {"maxRetentionDays": 365}, False),
        (None, {"maxRetentionDays": 365}, True),
        (None, {"minRetentionDays": 35}, True),
        (7, {}, True),
        (UNKNOWN, {"minRetentionDays": 35}, True),
        (7, {"minRetentionDays": UNKNOWN, "maxRetentionDays": "x\ny"}, True),
    ],
)
def test_a_plan_fits_its_vaults_lock(days: Plain, bounds: dict[str, Plain], *, passes: bool) -> None:
    assert misfits(kept(days), lock(VAULT, **bounds)) == ([] if passes else [HERE])
    assert misfits(kept(35, days), lock(FAR, **bounds)) == ([] if passes else [THERE])


@pytest.mark.parametrize("rules", [None, UNKNOWN, [UNKNOWN, 7, {}], "x\ny"])
def test_a_plan_that_cannot_be_read_is_no_misfit_of_a_least(rules: Plain) -> None:
    assert misfits({"rules": rules}, lock(VAULT, minRetentionDays=35)) == []


SUBNETS = resource("aws:rds/subnetGroup:SubnetGroup", "subnets")
GROUP = resource("aws:ec2/securityGroup:SecurityGroup", "group")
INSIDE: dict[str, Plain] = {"dbSubnetGroupName": "subnets", "vpcSecurityGroupIds": '["sg-1"]'}
NO_SUBNETS = "restoreMetadataOverrides.dbSubnetGroupName must name a subnet group of this stack"
NO_GROUP = "restoreMetadataOverrides.vpcSecurityGroupIds must name a group of this stack"
PUBLIC = "restoreMetadataOverrides.publiclyAccessible must be absent or false"


@pytest.mark.parametrize(
    ("overrides", "made_from", "messages"),
    [
        (INSIDE, [SUBNETS, GROUP], []),
        ({**INSIDE, "vpcSecurityGroupIds": UNKNOWN}, [SUBNETS, GROUP], []),
        (UNKNOWN, [SUBNETS, GROUP], []),
        (INSIDE, [GROUP], [NO_SUBNETS]),
        (INSIDE, [SUBNETS], [NO_GROUP]),
        ({**INSIDE, "vpcSecurityGroupIds": "[]"}, [SUBNETS, GROUP], [NO_GROUP]),
        ({**INSIDE, "vpcSecurityGroupIds": "x\ny"}, [SUBNETS, GROUP], [NO_GROUP]),
        ({**INSIDE, "publiclyAccessible": "true"}, [SUBNETS, GROUP], [PUBLIC]),
        ({**INSIDE, "publiclyAccessible": "false"}, [SUBNETS, GROUP], []),
        (None, [], [NO_SUBNETS, NO_GROUP]),
    ],
)
def test_a_test_restores_inside(overrides: Plain, made_from: list[Resource], messages: list[str]) -> None:
    token = "aws:backup/restoreTestingSelection:RestoreTestingSelection"  # noqa: S105 -- a type token
    known: dict[str, Plain] = {"protectedResourceType": "RDS", "restoreMetadataOverrides": overrides}
    test = resource(token, "it", known, restoreMetadataOverrides=made_from)
    assert [message for _, message in violations(RESTORE_TESTS_INSIDE, SUBNETS, GROUP, test)] == messages
    other = resource(token, "it", {**known, "protectedResourceType": "EBS"})
    assert violations(RESTORE_TESTS_INSIDE, SUBNETS, GROUP, other) == []


REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
SHORT = "retentionPeriod must be 7 days or more"


@pytest.mark.parametrize(
    ("days", "passes"), [(None, True), (7, True), (35, True), (6, False), (UNKNOWN, False), ("x\ny", False)]
)
def test_a_replicated_backup_is_kept_for_a_week(days: Plain, *, passes: bool) -> None:
    source = resource(DATABASE, "db")
    replication = resource(REPLICATION, "it", {**AWAY, "retentionPeriod": days}, sourceDbInstanceArn=source)
    assert violations(REPLICATIONS_KEPT, HOME, source, replication) == ([] if passes else [("it", SHORT)])


def test_a_replicated_backup_is_in_another_region() -> None:
    source = resource(DATABASE, "db")
    beside = resource(REPLICATION, "it", sourceDbInstanceArn=source)
    message = "it must be made by a provider of another region than its database's"
    assert violations(REPLICATIONS_KEPT, HOME, source, beside) == [("it", message)]
    assert violations(REPLICATIONS_KEPT, HOME, resource(REPLICATION, "it", {"sourceDbInstanceArn": "arn:x"})) == []
