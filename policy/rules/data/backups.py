"""Backups: each database is in a plan, its backups lie where they are safe, and somebody restores them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.backup_selections import meets, selects
from policy.facts.documents import denies_everybody, statements, texts
from policy.facts.replicas import DATABASE, in_same_region, primaries
from policy.facts.tiers import tags
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, elements, present, read

_PLAN: Final = "aws:backup/plan:Plan"
_SELECTION: Final = "aws:backup/selection:Selection"
_VAULT: Final = "aws:backup/vault:Vault"
_VAULT_POLICY: Final = "aws:backup/vaultPolicy:VaultPolicy"
_TEST_PLAN: Final = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
_TEST_SELECTION: Final = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
_DELETES: Final = "backup:DeleteRecoveryPoint"


def databases_backed_up(graph: Graph) -> Iterator[Violation]:
    """A selection of a plan of the stack surely picks each primary, and a test restores its backups."""
    for instance in primaries(graph):
        plans = [
            plan
            for selection in graph.of_type(_SELECTION)
            if in_same_region(graph, selection, instance) and selects(graph, selection, instance)
            for plan in graph.references(selection, "planId", {_PLAN})
        ]
        if not plans:
            yield Violation(instance, "no selection of a backup plan of this stack surely picks it")
        if not any(_restores(graph, test, instance) for test in graph.of_type(_TEST_SELECTION)):
            yield Violation(instance, "no restore testing selection of this stack surely restores its backups")


def _restores(graph: Graph, test: Resource, instance: Resource) -> bool:
    plans = graph.references(test, "restoreTestingPlanName", {_TEST_PLAN})
    vaults = [vault for plan in plans for vault in graph.references(plan, "recoveryPointSelection", {_VAULT})]
    everything = "*" in elements(test.get("protectedResourceArns"))
    named = instance in graph.references(test, "protectedResourceArns", {DATABASE})
    return (
        test.get("protectedResourceType") == "RDS"
        and bool(vaults)
        and in_same_region(graph, test, instance)
        and (named or (everything and meets(test.get("protectedResourceConditions"), tags(graph, instance))))
    )


def plans_keep_copies(graph: Graph) -> Iterator[Violation]:
    """Each rule of a plan ends what it keeps, and copies it to another region where the stack has a vault there."""
    for plan in graph.of_type(_PLAN):
        vaults = graph.references(plan, "rules", {_VAULT})
        if not any(in_same_region(graph, plan, vault) for vault in vaults):
            yield Violation(plan, "rules must name a vault of this stack in the plan's region")
        rules = elements(plan.get("rules"))
        if not rules or not all(_ends(rule) for rule in rules):
            yield Violation(plan, "each of rules must have a lifecycle.deleteAfter, or its backups stay for ever")
        copies = [copy for rule in rules for copy in elements(read(rule, "copyActions"))]
        if not all(_ends(copy) for copy in copies):
            yield Violation(plan, "each of copyActions must have a lifecycle.deleteAfter")
        away = [vault for vault in graph.of_type(_VAULT) if not in_same_region(graph, plan, vault)]
        if away and not all(elements(read(rule, "copyActions")) for rule in rules):
            yield Violation(plan, f"each of rules must copy to a vault of another region, such as {away[0].name}")
        if copies and not any(vault in away for vault in vaults):
            yield Violation(plan, "copyActions must name a vault of this stack in another region")


def _ends(entry: Plain) -> bool:
    days = read(entry, "lifecycle", "deleteAfter")
    return isinstance(days, int) and not isinstance(days, bool) and days > 0


def vaults_guarded(graph: Graph) -> Iterator[Finding]:
    """Each vault's policy refuses to delete backups, whoever asks."""
    for vault in graph.of_type(_VAULT):
        policies = graph.referring(vault, "backupVaultName", _VAULT_POLICY)
        if not policies:
            yield Violation(vault, "it has no VaultPolicy, so whoever may use AWS Backup may delete its backups")
        for policy in policies:
            document = policy.get("policy")
            if document is UNKNOWN:
                yield Undecided(policy, "whether it refuses to delete backups")
            elif not any(_denies_deletion(statement) for statement in statements(document) or ()):
                yield Violation(policy, f"no statement denies everybody {_DELETES}, for {vault.name}")


def _denies_deletion(statement: Plain) -> bool:
    return (
        denies_everybody(statement, "*", "backup:*", _DELETES)
        and "*" in texts(read(statement, "Resource"))
        and not present(read(statement, "Condition"))
    )


DATABASES_BACKED_UP: Final = GraphRule(
    about=Description(
        id="databases-backed-up",
        title="Each database is in a backup plan, and its backups are restored as a test",
        severity=Severity.HIGH,
        frameworks=("FSBP RDS.26", "WA REL09"),
        why="A selection by tags picks nothing as quietly as it picks all, and a backup that nobody has restored is a "
        "hope.",
        remediation="Let a selection of a plan of the stack name the instance, or its type and its tags by "
        "stringEquals; declare a RestoreTestingSelection for RDS in the same words.",
    ),
    check=databases_backed_up,
)
PLANS_KEEP_COPIES: Final = GraphRule(
    about=Description(
        id="plans-keep-copies",
        title="Backup plans say how long, and copy to the other region where the stack has a vault",
        severity=Severity.HIGH,
        frameworks=("WA REL09", "WA REL13"),
        why="The region that fails takes its own backups along, and a rule without an end is paid for ever.",
        remediation="Give each rule a lifecycle.deleteAfter and a copy action to the vault of the recovery region.",
    ),
    check=plans_keep_copies,
)
VAULTS_GUARDED: Final = GraphRule(
    about=Description(
        id="vaults-guarded",
        title="Backups lie in vaults that refuse to delete them",
        severity=Severity.HIGH,
        frameworks=("WA REL09", "FSBP Backup.1"),
        why="Who wants a ransom deletes the backups first, with whatever role is at hand.",
        remediation="Declare a VaultPolicy that denies * the action backup:DeleteRecoveryPoint on *, without a "
        "condition.",
    ),
    check=vaults_guarded,
)
