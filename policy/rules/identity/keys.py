"""Keys: their material changes each year, nobody loses one, and who may use one is written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.facts.documents import opens_to_everybody, statements
from policy.facts.policies import KEY_POLICY, policies_of
from policy.facts.tiers import for_development
from policy.graph import Graph, Resource
from policy.rule import Description, Finding, GraphRule, ResourceRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, present, show

KEY: Final = "aws:kms/key:Key"
REPLICA_KEY: Final = "aws:kms/replicaKey:ReplicaKey"
_LEAST_PERIOD_DAYS: Final = 90
_LONGEST_PERIOD_DAYS: Final = 365
"""What AWS rotates by if nothing is said, and what the control KMS.4 was written for."""
_LEAST_WAIT_DAYS: Final = 7
_LONGEST_WAIT_DAYS: Final = 30
"""AWS's own bounds. Source: AWS KMS API Reference, ScheduleKeyDeletion."""


def keys_rotate(key: Resource) -> Iterator[Violation]:
    """Each symmetric key gets new material once a year; the old one stays for what it has encrypted."""
    if not _is_symmetric(key):
        return
    if key.get("enableKeyRotation") is not True:  # absent: false
        yield Violation(key, f"enableKeyRotation is {show(key.get('enableKeyRotation'))}; it must be true")
    days = key.get("rotationPeriodInDays")
    if days is not None and not _between(_LEAST_PERIOD_DAYS, days, _LONGEST_PERIOD_DAYS):  # absent: 365
        within = f"{_LEAST_PERIOD_DAYS} to {_LONGEST_PERIOD_DAYS}"
        yield Violation(key, f"rotationPeriodInDays is {show(days)}; it must be {within}")


def _is_symmetric(key: Resource) -> bool:
    """Whether AWS can rotate it. Source: AWS KMS Developer Guide, rotate keys."""
    return key.get("customerMasterKeySpec") in (None, "SYMMETRIC_DEFAULT") and not present(key.get("customKeyStoreId"))


def keys_wait(graph: Graph) -> Iterator[Violation]:
    """Each key serves, and waits before it is deleted: a month in production, a week at least elsewhere."""
    for key in graph.of_type(KEY, REPLICA_KEY):
        flag = "isEnabled" if key.type == KEY else "enabled"
        if key.get(flag) not in (None, True):  # absent: true
            yield Violation(key, f"{flag} is {show(key.get(flag))}; it must be true, or what it encrypted is lost")
        least = _LEAST_WAIT_DAYS if for_development(graph, key) else _LONGEST_WAIT_DAYS
        days = key.get("deletionWindowInDays")
        if days is not None and not _between(least, days, _LONGEST_WAIT_DAYS):  # absent: 30
            yield Violation(key, f"deletionWindowInDays is {show(days)}; it must be {least} or more, up to 30")


def _between(least: int, value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def keys_closed(graph: Graph) -> Iterator[Finding]:
    """The policy of each key is written down and opens it to nobody in particular."""
    for key in graph.of_type(KEY, REPLICA_KEY):
        for holder, document in policies_of(graph, key, "keyId", KEY_POLICY):
            if document is UNKNOWN:
                yield Undecided(holder, "whom its policy admits")
                continue
            if not present(document):  # AWS's default leaves everything to IAM
                yield Violation(holder, "policy must be given: AWS's default admits whoever IAM lets")
                continue
            found = statements(document)
            if found is None:
                yield Violation(holder, "policy is not a policy document that can be read")
            for number, statement in enumerate(found or (), start=1):
                if opens_to_everybody(statement):
                    wanted = "name a principal, or the account in a condition"
                    yield Violation(holder, f"policy, statement {number}: it admits everybody; {wanted}")


KEYS_ROTATE: Final = ResourceRule(
    about=Description(
        id="keys-rotate",
        title="Keys rotate each year",
        severity=Severity.MEDIUM,
        frameworks=("FSBP KMS.4", "CIS AWS 3.6"),
        why="The longer one key encrypts, the more its loss would open.",
        remediation="Set enableKeyRotation, and leave rotationPeriodInDays at a year or less.",
    ),
    types=frozenset({KEY}),
    check=keys_rotate,
)
KEYS_WAIT: Final = GraphRule(
    about=Description(
        id="keys-wait",
        title="Keys serve, and wait before they are deleted",
        severity=Severity.HIGH,
        frameworks=("FSBP KMS.3", "WA REL09"),
        why="What a deleted key encrypted is lost, backups too, and a week passes before anybody restores one.",
        remediation="Leave deletionWindowInDays out or at 30, and isEnabled at true.",
    ),
    check=keys_wait,
)
KEYS_CLOSED: Final = GraphRule(
    about=Description(
        id="keys-closed",
        title="The policy of each key says whom it serves",
        severity=Severity.CRITICAL,
        frameworks=("FSBP KMS.5", "CIS AWS 2.21"),
        why="Whoever may use a key reads all that it encrypts, once the ciphertext is at hand.",
        remediation="Write a policy whose statements name principals; AWS services with aws:SourceAccount.",
    ),
    check=keys_closed,
)
