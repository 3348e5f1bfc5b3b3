"""Trust: who may become a role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy.facts.documents import grants_everybody, statements, texts
from policy.graph import Resource
from policy.rule import Description, Finding, ResourceRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, present, read

_ROLE: Final = "aws:iam/role:Role"
_ACCOUNT: Final = re.compile(r"(arn:[a-z-]+:iam::)?\d{12}(:root)?|.*:root")
"""A whole account, in either of the two ways to write it. Source: IAM User Guide, AWS JSON policy elements: Principal.
"""


def roles_trusted_narrowly(role: Resource) -> Iterator[Finding]:
    """Each role says who may take it: principals by name, and those that come by a token under a condition."""
    document = role.get("assumeRolePolicy")
    if document is UNKNOWN:
        yield Undecided(role, "who may take it")
        return
    found = statements(document)
    if found is None:
        yield Violation(role, "assumeRolePolicy is not a policy document that can be read")
        return
    for number, statement in enumerate(found, start=1):
        if read(statement, "Effect") != "Deny":
            for fault in _faults(statement):
                yield Violation(role, f"assumeRolePolicy, statement {number}: {fault}")


def _faults(statement: Plain) -> Iterator[str]:
    conditional = present(read(statement, "Condition"))
    principal = read(statement, "Principal")
    if grants_everybody(statement):
        yield "it admits everybody; name a principal"
    if texts(read(principal, "Federated")) and not conditional:
        yield "it admits whoever holds a token of a provider; name the subject in a condition"
    if any(_ACCOUNT.fullmatch(text) for text in texts(read(principal, "AWS"))) and not conditional:
        yield "it admits a whole account; name a role, or a condition"
    if any(not text.endswith(".amazonaws.com") for text in texts(read(principal, "Service"))):
        yield "Service names what is no service of AWS"


ROLES_TRUSTED_NARROWLY: Final = ResourceRule(
    about=Description(
        id="roles-trusted-narrowly",
        title="Each role names who may take it",
        severity=Severity.CRITICAL,
        frameworks=("FSBP IAM.1", "WA SEC03"),
        why="What a role may do is of no interest while anybody may take it.",
        remediation="Name the service or the role in Principal; put the subject of a token into a condition.",
    ),
    types=frozenset({_ROLE}),
    check=roles_trusted_narrowly,
)
