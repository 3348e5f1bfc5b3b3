"""What the pages say of secrets and backups is what the stacks make."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi_aws as aws
import pytest

from components.settings import Settings, parse
from reference.retention import copies
from reference.retention import page as retention_page
from reference.secrets import ENTRIES, names
from reference.secrets import page as secrets_page
from tests.cloud import Cloud
from tests.stack_files import STACKS, document
from tests.stacks.program import recorded


@pytest.mark.parametrize("stack", STACKS)
def test_the_table_of_secrets_has_every_secret_and_no_other(stack: str) -> None:
    made = sorted(secret.parent for secret in recorded(stack).of(aws.secretsmanager.Secret))
    assert made == sorted(names(parse(document(stack))))


def test_every_kind_of_secret_is_on_the_page() -> None:
    page = secrets_page()
    assert all(f"| `{entry.name}` |" in page for entry in ENTRIES)


def vaults(cloud: Cloud, settings: Settings) -> dict[str, str]:
    """The region of each vault by its name or ARN, as rules name them."""
    there = getattr(settings.recovery, "region", "")
    return {
        key: settings.region if vault.provider == "aws" else there
        for vault in cloud.of(aws.backup.Vault)
        for key in (vault.inputs["name"], vault.inputs["arn"])
    }


def kept(stack: str) -> Iterator[tuple[str, str, str, int]]:
    """The same as the page's, found in what the program declares."""
    cloud, settings = recorded(stack), parse(document(stack))
    regions = vaults(cloud, settings)
    servers = {
        each.parent.removeprefix("database-"): each
        for each in cloud.of(aws.rds.Instance)
        if not each.inputs.get("replicateSourceDb")
    }
    for name, server in servers.items():
        store = f"PostgreSQL `{name}`"
        yield store, "point in time", settings.region, server.inputs["backupRetentionPeriod"]
        assert server.inputs["tags"]["tmi:backup"] == "daily"  # what the plan goes by
        for rule in cloud.one(aws.backup.Plan).inputs["rules"]:
            way = f"{rule['ruleName']} backup"
            yield store, way, regions[rule["targetVaultName"]], rule["lifecycle"]["deleteAfter"]
            for copy in rule.get("copyActions", []):
                yield store, way, regions[copy["destinationVaultArn"]], copy["lifecycle"]["deleteAfter"]
    for replication in cloud.resources:
        if replication.type == "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication":
            (name,) = [
                name
                for name, each in servers.items()
                if each.inputs["arn"] == replication.inputs["sourceDbInstanceArn"]
            ]
            assert replication.provider != "aws"
            there = getattr(settings.recovery, "region", "")
            yield f"PostgreSQL `{name}`", "point in time", there, replication.inputs["retentionPeriod"]
    (lifecycle,) = [each for each in cloud.of(aws.s3.BucketLifecycleConfiguration) if each.parent == "database-dumps"]
    (expiry,) = [rule for rule in lifecycle.inputs["rules"] if rule["id"] == "expire-dumps"]
    yield "PostgreSQL", "logical dump", settings.region, expiry["expiration"]["days"]
    cache = cloud.one(aws.elasticache.ReplicationGroup)
    yield "Redis", "snapshot", settings.region, cache.inputs["snapshotRetentionLimit"]
    (window,) = {each.inputs["recoveryWindowInDays"] for each in cloud.of(aws.secretsmanager.Secret)}
    yield "Secrets", "deleted, restorable", settings.region, window


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_kept_is_what_the_page_says(stack: str) -> None:
    said = sorted((each.store, each.way, each.region, each.days) for each in copies(parse(document(stack))))
    assert said == sorted(kept(stack))
    page = retention_page()
    assert all(f"| {store} | {way} | {region} | {days} |" in page for store, way, region, days in said)


def test_production_survives_the_loss_of_its_region() -> None:
    settings = parse(document("prod"))
    there = {each.way for each in copies(settings) if each.region != settings.region}
    assert there == {"point in time", "daily backup", "monthly backup"}


def test_the_lock_admits_every_retention_of_the_plan() -> None:
    cloud = recorded("prod")
    retentions = {rule["lifecycle"]["deleteAfter"] for rule in cloud.one(aws.backup.Plan).inputs["rules"]}
    locks = cloud.of(aws.backup.VaultLockConfiguration)
    assert len(locks) == 2
    for lock in locks:
        assert lock.inputs["minRetentionDays"] <= min(retentions)
        assert max(retentions) <= lock.inputs["maxRetentionDays"]
