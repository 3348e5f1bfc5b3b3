"""What production is asked for beyond what every stack is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy.facts.replicas import DATABASE
from policy.graph import PROVIDER, Resource
from policy.rules.data.production import (
    CACHES_SPAN_ZONES,
    CONTENTS_KEPT,
    COPIES_ELSEWHERE,
    DATABASES_SPAN_ZONES,
    DELETION_REFUSED,
    PROTECTED,
    STATEFUL,
    STATEFUL_PROTECTED,
    VAULTS_LOCKED,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
VAULT = "aws:backup/vault:Vault"
BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
HOSTILE = "x\n- fine"
PRODUCTION = Resource(
    urn="urn:pulumi:test::tmi::pulumi:providers:aws::main",
    type=f"{PROVIDER}aws",
    name="main",
    properties={"region": "eu-west-1", "defaultTags": {"tags": {"tmi:tier": "production"}}},
)
DEVELOPMENT = replace(
    PRODUCTION, properties={"region": "eu-west-1", "defaultTags": {"tags": {"tmi:tier": "development"}}}
)
AWAY = replace(
    PRODUCTION,
    urn="urn:pulumi:test::tmi::pulumi:providers:aws::away",
    name="away",
    properties={"region": "eu-central-1"},
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, ""),
        (False, "false"),
        (None, "absent"),
        (UNKNOWN, "unknown until it is deployed"),
        ("true", "another text"),
        (HOSTILE, "another text"),
        (1, "1"),
    ],
)
def test_a_database_of_production_has_a_standby(value: Plain, shown: str) -> None:
    primary = resource(DATABASE, "it", {"multiAz": value})
    replica = resource(DATABASE, "copy", {"replicateSourceDb": UNKNOWN, "multiAz": False})
    expected = [("it", f"multiAz is {shown}; it must be true in production")] if shown else []
    assert violations(DATABASES_SPAN_ZONES, PRODUCTION, primary, replica) == expected
    assert violations(DATABASES_SPAN_ZONES, primary, replica) == expected
    assert violations(DATABASES_SPAN_ZONES, DEVELOPMENT, primary, replica) == []


@pytest.mark.parametrize(
    ("counts", "enough"),
    [
        ({"numCacheClusters": 2}, True),
        ({"numCacheClusters": 3}, True),
        ({"numNodeGroups": 2, "replicasPerNodeGroup": 1}, True),
        ({"nodeGroupConfigurations": [{"replicaCount": 1}, {"replicaCount": 2}]}, True),
        ({"nodeGroupConfigurations": [{"replicaCount": 1}, {}]}, False),
        ({"nodeGroupConfigurations": [{"replicaCount": UNKNOWN}]}, False),
        ({"nodeGroupConfigurations": UNKNOWN}, False),
        ({"numNodeGroups": UNKNOWN, "replicasPerNodeGroup": 1}, False),
        ({"numNodeGroups": 2}, False),
        ({"numCacheClusters": 1}, False),
        ({"replicasPerNodeGroup": 0}, False),
        ({"numCacheClusters": UNKNOWN}, False),
        ({"replicasPerNodeGroup": UNKNOWN}, False),
        ({"numCacheClusters": "many"}, False),
        ({"replicasPerNodeGroup": True}, False),
        ({"numCacheClusters": True}, False),
        ({}, False),
    ],
)
def test_a_cache_of_production_has_a_second_node(counts: dict[str, Plain], enough: bool) -> None:  # noqa: FBT001
    cache = resource(CACHE, "it", counts)
    expected = [] if enough else [("it", "numCacheClusters must be 2 or more in production")]
    assert violations(CACHES_SPAN_ZONES, PRODUCTION, cache) == expected
    assert violations(CACHES_SPAN_ZONES, DEVELOPMENT, cache) == []


@pytest.mark.parametrize("token", sorted(PROTECTED))
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, ""),
        (False, "false"),
        (None, "absent"),
        (UNKNOWN, "unknown until it is deployed"),
        ("true", "another text"),
        (HOSTILE, "another text"),
    ],
)
def test_aws_refuses_to_delete_what_production_needs(token: str, value: Plain, shown: str) -> None:
    name = PROTECTED[token]
    kept = resource(token, "it", {name: value})
    expected = [("it", f"{name} is {shown}; it must be true in production")] if shown else []
    assert violations(DELETION_REFUSED, PRODUCTION, kept) == expected
    assert violations(DELETION_REFUSED, DEVELOPMENT, kept) == []


def test_what_is_to_go_may_go() -> None:
    going = resource(DATABASE, "it", {"deletionProtection": False, "tags": {"tmi:retiring": "true"}})
    assert violations(DELETION_REFUSED, PRODUCTION, going) == []


PRIMARY = resource(DATABASE, "it")
REPLICA = resource(DATABASE, "copy", replicateSourceDb=PRIMARY)
NONE_AWAY = [("it", "no replication of its backups and no vault of this stack is in another region")]


@pytest.mark.parametrize("token", [VAULT, BACKUPS])
def test_backups_of_production_lie_in_another_region_too(token: str) -> None:
    here = resource(token, "here", sourceDbInstanceArn=PRIMARY)
    away = resource(token, "away", provider=AWAY.urn, sourceDbInstanceArn=PRIMARY)
    assert violations(COPIES_ELSEWHERE, PRODUCTION, AWAY, PRIMARY, REPLICA, here, away) == []
    assert violations(COPIES_ELSEWHERE, PRODUCTION, AWAY, PRIMARY, REPLICA, here) == NONE_AWAY
    assert violations(COPIES_ELSEWHERE, PRODUCTION, PRIMARY) == NONE_AWAY
    assert violations(COPIES_ELSEWHERE, DEVELOPMENT, PRIMARY) == []


@pytest.mark.parametrize("region", [UNKNOWN, None, "", ["eu-central-1"], HOSTILE])
def test_a_region_that_is_not_known_is_no_other_one(region: Plain) -> None:
    nowhere = replace(AWAY, properties={"region": region} if region is not None else {})
    known = isinstance(region, str) and region != ""
    vault = resource(VAULT, "away", provider=AWAY.urn)
    assert violations(COPIES_ELSEWHERE, PRODUCTION, nowhere, PRIMARY, vault) == ([] if known else NONE_AWAY)


def test_the_replication_of_another_database_is_none_of_this_one() -> None:
    second = resource(DATABASE, "second")
    away = resource(BACKUPS, "away", provider=AWAY.urn, sourceDbInstanceArn=second)
    assert violations(COPIES_ELSEWHERE, PRODUCTION, AWAY, PRIMARY, second, away) == NONE_AWAY


def test_a_region_by_property_counts() -> None:
    away = resource(VAULT, "away", {"region": "eu-central-1"})
    assert violations(COPIES_ELSEWHERE, PRODUCTION, PRIMARY, away) == []
    nowhere = resource(VAULT, "away", {"region": "eu-west-1"})
    assert violations(COPIES_ELSEWHERE, PRODUCTION, PRIMARY, nowhere) == NONE_AWAY


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:s3/bucket:Bucket", "forceDestroy"),
        ("aws:s3/bucketV2:BucketV2", "forceDestroy"),
        (VAULT, "forceDestroy"),
        ("aws:ecr/repository:Repository", "forceDelete"),
    ],
)
@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (False, ""), (True, "true"), (UNKNOWN, "unknown until it is deployed"), (HOSTILE, "another text")],
)
def test_what_production_holds_is_not_deleted_with_its_holder(token: str, name: str, value: Plain, shown: str) -> None:
    holder = resource(token, "it", {name: value})
    expected = [("it", f"{name} is {shown}; it must be false in production")] if shown else []
    assert violations(CONTENTS_KEPT, PRODUCTION, holder) == expected
    assert violations(CONTENTS_KEPT, DEVELOPMENT, holder) == []


def test_what_can_be_made_again_may_go_with_its_holder() -> None:
    scratch = resource("aws:s3/bucket:Bucket", "it", {"forceDestroy": True, "tags": {"tmi:disposable": "true"}})
    assert violations(CONTENTS_KEPT, PRODUCTION, scratch) == []


@pytest.mark.parametrize(
    ("days", "enough"), [(35, True), (7, True), (6, False), (0, False), (None, False), (UNKNOWN, False), ("7", False)]
)
def test_a_vault_of_production_is_locked(days: Plain, enough: bool) -> None:  # noqa: FBT001
    vault = resource(VAULT, "it")
    token = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"  # noqa: S105 -- a type token
    lock = resource(token, "it", {"minRetentionDays": days}, backupVaultName=vault)
    expected = [] if enough else [("it", "no VaultLockConfiguration gives it minRetentionDays of 7 or more")]
    assert violations(VAULTS_LOCKED, PRODUCTION, vault, lock) == expected
    assert violations(VAULTS_LOCKED, DEVELOPMENT, vault, lock) == []
    assert violations(VAULTS_LOCKED, PRODUCTION, vault) == [
        ("it", "no VaultLockConfiguration gives it minRetentionDays of 7 or more")
    ]


@pytest.mark.parametrize("token", STATEFUL)
def test_what_holds_something_of_production_is_protected(token: str) -> None:
    bare = resource(token)
    said = [("it", "the resource option protect must be true in production")]
    for around in ([], [PRODUCTION]):
        assert violations(STATEFUL_PROTECTED, *around, bare) == said
        assert violations(STATEFUL_PROTECTED, *around, replace(bare, protect=True)) == []
    assert violations(STATEFUL_PROTECTED, DEVELOPMENT, bare) == []


@pytest.mark.parametrize("tag", ["tmi:retiring", "tmi:disposable"])
@pytest.mark.parametrize(("value", "excused"), [("true", True), ("True", False), (True, False), (UNKNOWN, False)])
def test_a_tag_excuses_what_may_go(tag: str, value: Plain, *, excused: bool) -> None:
    store = resource(DATABASE, "it", {"tags": {tag: value}})
    assert (violations(STATEFUL_PROTECTED, PRODUCTION, store) == []) is excused


def test_what_holds_nothing_need_not_be_protected() -> None:
    assert violations(STATEFUL_PROTECTED, PRODUCTION, resource("aws:sqs/queue:Queue")) == []
