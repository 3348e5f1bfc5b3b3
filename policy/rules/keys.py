"""Keys: their material changes each year, and who may use one is written down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.documents import grants_everybody, statements
from policy.graph import Resource
from policy.rule import Description, Finding, ResourceRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, present, read, show

_KEY: Final = "aws:kms/key:Key"
_LEAST_WAIT_DAYS: Final = 7
"""AWS's own least. Source: AWS KMS API Reference, ScheduleKeyDeletion."""


def keys_rotate(key: Resource) -> Iterator[Violation]:
    """Each symmetric key gets new material once a year; the old one stays for what it has encrypted."""
    if _is_symmetric(key) and key.get("enableKeyRotation") is not True:  # absent: false
        yield Violation(key, f"enableKeyRotation is {show(key.get('enableKeyRotation'))}; it must be true")
    days = key.get("deletionWindowInDays")
    if days is not None and (not isinstance(days, int) or days < _LEAST_WAIT_DAYS):  # absent: 30
        yield Violation(key, f"deletionWindowInDays is {show(days)}; it must be {_LEAST_WAIT_DAYS} or more")


def _is_symmetric(key: Resource) -> bool:
    """Whether AWS can rotate it. Source: AWS KMS Developer Guide, rotate keys."""
    return key.get("customerMasterKeySpec") in (None, "SYMMETRIC_DEFAULT") and not present(key.get("customKeyStoreId"))


def keys_closed(key: Resource) -> Iterator[Finding]:
    """The policy of each key is written down and opens it to nobody in particular."""
    document = key.get("policy")
    if document is UNKNOWN:
        yield Undecided(key, "whom its policy admits")
        return
    if not present(document):  # AWS's default leaves everything to IAM
        yield Violation(key, "policy must be given: AWS's default admits whoever IAM lets")
        return
    found = statements(document)
    if found is None:
        yield Violation(key, "policy is not a policy document that can be read")
        return
    for number, statement in enumerate(found, start=1):
        if grants_everybody(statement) and not present(read(statement, "Condition")):
            yield Violation(key, f"policy, statement {number}: it admits everybody; name a principal, or a condition")


KEYS_ROTATE: Final = ResourceRule(
    about=Description(
        id="keys-rotate",
        title="Keys rotate each year and wait before they are deleted",
        severity=Severity.MEDIUM,
        frameworks=("FSBP KMS.4", "CIS AWS 3.6", "FSBP KMS.3"),
        why="The longer one key encrypts, the more its loss would open; and what a deleted key encrypted is lost.",
        remediation="Set enableKeyRotation, and leave deletionWindowInDays alone.",
    ),
    types=frozenset({_KEY}),
    check=keys_rotate,
)
KEYS_CLOSED: Final = ResourceRule(
    about=Description(
        id="keys-closed",
        title="The policy of each key says whom it serves",
        severity=Severity.CRITICAL,
        frameworks=("FSBP KMS.5",),
        why="Whoever may use a key reads all that it encrypts, once the ciphertext is at hand.",
        remediation="Write a policy whose statements name principals; AWS services with aws:SourceAccount.",
    ),
    types=frozenset({_KEY}),
    check=keys_closed,
)
