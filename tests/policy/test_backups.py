"""Backups: made of each database, restored as a test, copied, kept from deletion."""

from __future__ import annotations

import json

import pytest

from policy.facts.replicas import DATABASE
from policy.graph import Resource
from policy.rules.data.backups import DATABASES_BACKED_UP, PLANS_KEEP_COPIES, VAULTS_GUARDED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

KEY = resource("aws:kms/key:Key", "key")
AWAY: dict[str, Plain] = {"region": "eu-central-1"}
FAR_KEY = resource("aws:kms/key:Key", "far-key", AWAY)
VAULT = resource("aws:backup/vault:Vault", "vault", kmsKeyArn=KEY)
FAR = resource("aws:backup/vault:Vault", "far", AWAY, kmsKeyArn=FAR_KEY)
PLAN = "aws:backup/plan:Plan"
INSTANCE = resource(DATABASE, "db", {"identifier": "db", "tags": {"backup": "daily"}})
EQUAL: Plain = {"stringEquals": [{"key": "aws:ResourceTag/backup", "value": "daily"}]}
SELECTION = "aws:backup/selection:Selection"
TEST_SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
TEST_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
UNPICKED = ("db", "no selection of a backup plan of this stack surely picks it")
UNTESTED = ("db", "no restore testing selection of this stack surely restores its backups")

EVERY_DAY = resource(PLAN, "plan", rules=VAULT)
PICKED = resource(SELECTION, "picked", {"resources": ["*"], "conditions": [EQUAL]}, planId=EVERY_DAY)
WEEKLY = resource(TEST_PLAN, "weekly", recoveryPointSelection=VAULT)
TESTING: dict[str, Plain] = {
    "protectedResourceType": "RDS",
    "protectedResourceArns": ["*"],
    "protectedResourceConditions": EQUAL,
}
TESTED = resource(TEST_SELECTION, "tested", TESTING, restoreTestingPlanName=WEEKLY)
AROUND = (VAULT, EVERY_DAY, WEEKLY)


def test_a_database_is_backed_up_and_restored() -> None:
    assert violations(DATABASES_BACKED_UP, INSTANCE, PICKED, TESTED, *AROUND) == []
    assert violations(DATABASES_BACKED_UP, INSTANCE, TESTED, *AROUND) == [UNPICKED]
    assert violations(DATABASES_BACKED_UP, INSTANCE, PICKED, *AROUND) == [UNTESTED]


@pytest.mark.parametrize(
    "selection",
    [
        resource(SELECTION, "it", {"resources": ["*"]}),
        resource(SELECTION, "it", {"resources": ["*"], "planId": "elsewhere"}),
        resource(SELECTION, "it", {"resources": ["*"]} | AWAY, planId=EVERY_DAY),
        resource(SELECTION, "it", {"resources": [UNKNOWN]}, planId=EVERY_DAY),
    ],
)
def test_a_selection_that_picks_nothing_here(selection: Resource) -> None:
    assert violations(DATABASES_BACKED_UP, INSTANCE, selection, TESTED, *AROUND) == [UNPICKED]


@pytest.mark.parametrize(
    "changed",
    [
        {"protectedResourceType": "EBS"},
        {"protectedResourceType": UNKNOWN},
        {"protectedResourceArns": None},
        {"protectedResourceArns": UNKNOWN},
        {"protectedResourceConditions": {"stringEquals": [{"key": "aws:ResourceTag/backup", "value": "no"}]}},
        {"protectedResourceConditions": UNKNOWN},
        AWAY,
    ],
)
def test_a_test_that_restores_something_else(changed: dict[str, Plain]) -> None:
    test = resource(TEST_SELECTION, "it", TESTING | changed, restoreTestingPlanName=WEEKLY)
    assert violations(DATABASES_BACKED_UP, INSTANCE, PICKED, test, *AROUND) == [UNTESTED]


def test_a_test_may_name_the_database_and_needs_a_vault_of_the_stack() -> None:
    known: dict[str, Plain] = {"protectedResourceType": "RDS", "protectedResourceArns": [UNKNOWN]}
    named = resource(TEST_SELECTION, "it", known, protectedResourceArns=INSTANCE, restoreTestingPlanName=WEEKLY)
    assert violations(DATABASES_BACKED_UP, INSTANCE, PICKED, named, *AROUND) == []
    elsewhere = resource(TEST_PLAN, "weekly")
    found = violations(DATABASES_BACKED_UP, INSTANCE, PICKED, TESTED, VAULT, EVERY_DAY, elsewhere)
    assert found == [UNTESTED]


@pytest.mark.parametrize("source", ["arn:aws:rds:eu-central-1:111111111111:db:db", UNKNOWN])
def test_a_replicas_data_is_its_primarys(source: Plain) -> None:
    assert violations(DATABASES_BACKED_UP, resource(DATABASE, "it", {"replicateSourceDb": source})) == []
    replica = resource(DATABASE, "it", replicateSourceDb=INSTANCE)
    assert violations(DATABASES_BACKED_UP, INSTANCE, PICKED, TESTED, replica, *AROUND) == []


ENDS: Plain = {"deleteAfter": 35}
COPY: Plain = {"destinationVaultArn": UNKNOWN, "lifecycle": ENDS}
NO_END = "each of rules must have a lifecycle.deleteAfter, or its backups stay for ever"
NO_COPY = "each of rules must copy to a vault of another region, such as far"


def rule(lifecycle: Plain = ENDS, copies: Plain = None) -> Plain:
    return {"ruleName": "daily", "lifecycle": lifecycle, "copyActions": copies}


@pytest.mark.parametrize(
    ("rules", "messages"),
    [
        ([rule()], []),
        ([rule(), rule({"deleteAfter": 0})], [NO_END]),
        ([rule(None)], [NO_END]),
        ([rule({"coldStorageAfter": 30})], [NO_END]),
        ([rule(UNKNOWN)], [NO_END]),
        ([UNKNOWN], [NO_END, "each of copyActions must have a lifecycle.deleteAfter"]),
        ([], [NO_END]),
        (None, [NO_END]),
    ],
)
def test_a_plan_says_how_long(rules: Plain, messages: list[str]) -> None:
    found = [
        message
        for _, message in violations(PLANS_KEEP_COPIES, resource(PLAN, "plan", {"rules": rules}, rules=VAULT), VAULT)
    ]
    assert found[: len(messages)] == messages
    assert bool(found) is bool(messages)


@pytest.mark.parametrize(
    ("rules", "messages"),
    [
        ([rule(copies=[COPY])], []),
        ([rule(copies=[COPY]), rule(copies=[COPY])], []),
        ([rule(copies=[COPY]), rule()], [NO_COPY]),
        ([rule(copies=[])], [NO_COPY]),
        (
            [rule(copies=[{"destinationVaultArn": UNKNOWN}])],
            ["each of copyActions must have a lifecycle.deleteAfter"],
        ),
    ],
)
def test_a_plan_copies_to_the_other_region(rules: Plain, messages: list[str]) -> None:
    plan = resource(PLAN, "plan", {"rules": rules}, rules=[VAULT, FAR])
    assert [message for _, message in violations(PLANS_KEEP_COPIES, plan, VAULT, FAR)] == messages


def test_copies_and_backups_go_to_vaults_of_the_stack() -> None:
    foreign = "copyActions must name a vault of this stack in another region"
    plan = resource(PLAN, "plan", {"rules": [rule(copies=[COPY])]}, rules=VAULT)
    assert violations(PLANS_KEEP_COPIES, plan, VAULT) == [("plan", foreign)]
    assert violations(PLANS_KEEP_COPIES, plan, VAULT, FAR) == [("plan", foreign)]
    away = resource(PLAN, "plan", {"rules": [rule(copies=[COPY])]}, rules=FAR)
    message = "rules must name a vault of this stack in the plan's region"
    assert violations(PLANS_KEEP_COPIES, away, VAULT, FAR) == [("plan", message)]


DENY: dict[str, Plain] = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "backup:DeleteRecoveryPoint",
    "Resource": "*",
}


def guard(document: Plain, vault: Resource = VAULT) -> Resource:
    return resource("aws:backup/vaultPolicy:VaultPolicy", "guard", {"policy": document}, backupVaultName=vault)


@pytest.mark.parametrize(
    ("changed", "passes"),
    [
        ({}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Action": ["backup:CopyIntoBackupVault", "backup:DeleteRecoveryPoint"]}, True),
        ({"Action": "backup:*"}, True),
        ({"Effect": "Allow"}, False),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:root"}}, False),
        ({"Action": "backup:CopyIntoBackupVault"}, False),
        ({"Resource": "arn:aws:backup:eu-west-1:111111111111:recovery-point:one"}, False),
        ({"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}, False),
    ],
)
def test_a_vault_refuses_to_delete(changed: dict[str, Plain], *, passes: bool) -> None:
    document: Plain = {"Version": "2012-10-17", "Statement": [DENY | changed]}
    message = "no statement denies everybody backup:DeleteRecoveryPoint, for vault"
    for written in (document, json.dumps(document)):
        found = violations(VAULTS_GUARDED, VAULT, KEY, guard(written))
        assert found == ([] if passes else [("guard", message)])


def test_a_document_that_is_not_known_is_not_decided_but_one_that_is_absent_is() -> None:
    assert violations(VAULTS_GUARDED, VAULT, KEY, guard(UNKNOWN)) == []
    assert undecided(VAULTS_GUARDED, VAULT, KEY, guard(UNKNOWN)) == ["guard"]
    assert len(violations(VAULTS_GUARDED, VAULT, KEY, guard(None))) == 1
    message = "it has no VaultPolicy, so whoever may use AWS Backup may delete its backups"
    assert violations(VAULTS_GUARDED, VAULT, KEY) == [("vault", message)]
