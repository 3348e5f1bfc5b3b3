"""Traps of backups: what AWS takes without a word, and what fails on the night it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.replicas import DATABASE, in_other_region, in_same_region
from policy.graph import Graph, Resource
from policy.network.security_groups import GROUPS
from policy.rule import Description, GraphRule, Severity, Violation
from policy.values import UNKNOWN, Plain, elements, from_json, present, read

_PLAN: Final = "aws:backup/plan:Plan"
_VAULT: Final = "aws:backup/vault:Vault"
_LOCK: Final = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
_TEST_SELECTION: Final = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
_SUBNET_GROUP: Final = "aws:rds/subnetGroup:SubnetGroup"
_REPLICATION: Final = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
_FEWEST_DAYS: Final = 7


def plans_fit_locks(graph: Graph) -> Iterator[Violation]:
    """Each rule and copy of a plan keeps backups for as long as the lock of their vault allows."""
    for plan in graph.of_type(_PLAN):
        vaults = graph.references(plan, "rules", {_VAULT})
        home = [vault for vault in vaults if in_same_region(graph, plan, vault)]
        away = [vault for vault in vaults if in_other_region(graph, plan, vault)]
        for rule in elements(plan.get("rules")):
            copies = [read(copy, "lifecycle", "deleteAfter") for copy in elements(read(rule, "copyActions"))]
            for what, days, among in (
                ("rules", read(rule, "lifecycle", "deleteAfter"), home),
                *(("copyActions", each, away) for each in copies),
            ):
                # Which of several vaults a rule means may not be known; one that fits is enough.
                if among and not any(_fits(graph, vault, days) for vault in among):
                    names = " or ".join(vault.name for vault in among)
                    yield Violation(plan, f"a lifecycle.deleteAfter of {what} is not what the lock of {names} allows")


def _fits(graph: Graph, vault: Resource, days: Plain) -> bool:
    """Whether a vault takes backups that are kept for so many days; that there is an end: plans-keep-copies."""
    for lock in graph.referring(vault, "backupVaultName", _LOCK):
        least, most = lock.get("minRetentionDays"), lock.get("maxRetentionDays")
        if isinstance(days, int) and (
            (isinstance(least, int) and days < least) or (isinstance(most, int) and days > most)
        ):
            return False
    return True


def restore_tests_inside(graph: Graph) -> Iterator[Violation]:
    """What a test restores comes up in subnets and a security group of the stack."""
    for test in graph.of_type(_TEST_SELECTION):
        if test.get("protectedResourceType") != "RDS":
            continue
        overrides = test.get("restoreMetadataOverrides")
        # A database's own may be taken from the subnet group or from the instance that stands in it.
        subnets = graph.references(test, "restoreMetadataOverrides", {_SUBNET_GROUP, DATABASE})
        groups = graph.references(test, "restoreMetadataOverrides", set(GROUPS))
        if not present(read(overrides, "dbSubnetGroupName")) or not subnets:
            yield Violation(test, "restoreMetadataOverrides.dbSubnetGroupName must name a subnet group of this stack")
        if not _some(read(overrides, "vpcSecurityGroupIds")) or not groups:
            yield Violation(test, "restoreMetadataOverrides.vpcSecurityGroupIds must name a group of this stack")
        if read(overrides, "publiclyAccessible") in ("true", True):  # absent: false
            yield Violation(test, "restoreMetadataOverrides.publiclyAccessible must be absent or false")


def _some(value: Plain) -> bool:
    """Whether a list, which AWS Backup takes as a text of JSON, holds something."""
    if value is UNKNOWN:
        return True
    held = from_json(value)
    return held is not UNKNOWN and present(held)


def replications_kept(graph: Graph) -> Iterator[Violation]:
    """Backups that RDS replicates are of a database of the stack, and are kept for a week in the other region too."""
    for replication in graph.of_type(_REPLICATION):
        days = replication.get("retentionPeriod")
        if days is not None and not (isinstance(days, int) and days >= _FEWEST_DAYS):  # absent: 7
            yield Violation(replication, f"retentionPeriod must be {_FEWEST_DAYS} days or more")
        sources = graph.named(replication, "sourceDbInstanceArn", {DATABASE})
        if any(not in_other_region(graph, source, replication) for source in sources):
            yield Violation(replication, "it must be made by a provider of another region than its database's")


def replicated_passwords(graph: Graph) -> Iterator[Violation]:
    """No database with replicas leaves its password to RDS."""
    for primary in graph.of_type(DATABASE):
        replicated = graph.referring(primary, "replicateSourceDb", DATABASE)
        if replicated and primary.get("manageMasterUserPassword") not in (None, False):
            yield Violation(primary, "manageMasterUserPassword must be absent: RDS refuses to replicate such a source")


PLANS_FIT_LOCKS: Final = GraphRule(
    about=Description(
        id="plans-fit-locks",
        title="Backup plans keep backups for as long as their vaults' locks allow",
        severity=Severity.HIGH,
        frameworks=("WA REL09",),
        why="AWS takes plan and lock as they are, and then fails each job whose retention the lock forbids.",
        remediation="Keep each lifecycle.deleteAfter between minRetentionDays and maxRetentionDays of the vault.",
    ),
    check=plans_fit_locks,
)
RESTORE_TESTS_INSIDE: Final = GraphRule(
    about=Description(
        id="restore-tests-inside",
        title="What a restore test brings up stands in subnets and a group of this stack",
        severity=Severity.HIGH,
        frameworks=("WA REL09", "WA SEC05", "FSBP RDS.18"),
        why="A test restores the whole of production's data, each week, where nobody looks.",
        remediation="Give restoreMetadataOverrides a dbSubnetGroupName and vpcSecurityGroupIds of the stack.",
    ),
    check=restore_tests_inside,
)
REPLICATIONS_KEPT: Final = GraphRule(
    about=Description(
        id="replications-kept",
        title="Replicated backups are kept for a week, in another region",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.11", "WA REL09", "WA REL13"),
        why="A copy that is gone after a day is no copy of the mistake that is seen after three.",
        remediation="Set retentionPeriod to 7 or more, and take the recovery region's provider.",
    ),
    check=replications_kept,
)
REPLICATED_PASSWORDS: Final = GraphRule(
    about=Description(
        id="replicated-passwords-own",
        title="No database with replicas leaves its password to RDS",
        severity=Severity.HIGH,
        frameworks=("WA SEC02", "WA REL10"),
        why="RDS for PostgreSQL refuses replicas of such a source, and says so when the replica is made.",
        remediation="Give the primary a passwordWo out of a secret of the stack.",
    ),
    check=replicated_passwords,
)
