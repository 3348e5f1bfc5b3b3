"""Identity: what roles may do, and on what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policy.facts.documents import listed, statements
from policy.facts.identities import DOCUMENTS, ROLE, covers, documents, is_everything
from policy.graph import Resource
from policy.rule import Description, Finding, ResourceRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, elements, read

_ATTACHMENTS: Final = frozenset(
    {
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        "aws:iam/policyAttachment:PolicyAttachment",
    }
)
_EXCLUSIVE: Final = frozenset(
    {
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
        "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
    }
)
BANNED: Final = re.compile(
    r"arn:[a-z-]+:iam::aws:policy/(?:job-function/)?"
    r"(AdministratorAccess\S*|DatabaseAdministrator|NetworkAdministrator|PowerUserAccess|ReadOnlyAccess"
    r"|SecretsManagerReadWrite|SystemAdministrator|\w+FullAccess)"
)
"""Policies of AWS's own that grant all of a service, or the reading of everything."""
_NAMED_IN_FULL: Final = (
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "ssm:GetParameterHistory",
    "iam:PassRole",
    "sts:AssumeRole",
)
"""Actions that read data, or lead to one who may: never on every resource."""


def no_wildcards(resource: Resource) -> Iterator[Finding]:
    """No statement grants every action, of AWS or of a service, nor the reading of everything."""
    if resource.type in _ATTACHMENTS:
        yield from _attached(resource, resource.get("policyArn"))
        return
    if resource.type in _EXCLUSIVE:
        for arn in elements(resource.get("policyArns")):
            yield from _attached(resource, arn)
        return
    if resource.type == ROLE:
        for arn in elements(resource.get("managedPolicyArns")):
            yield from _attached(resource, arn)
    for where, document in documents(resource):
        yield from _granted(resource, where, document)


def _attached(resource: Resource, arn: Plain) -> Iterator[Finding]:
    if arn is UNKNOWN:
        yield Undecided(resource, "which policy is attached")
    elif found := BANNED.fullmatch(arn if isinstance(arn, str) else ""):
        yield Violation(resource, f"AWS's {found[1]} is attached; grant the actions that are used")


def _granted(resource: Resource, where: str, document: Plain) -> Iterator[Finding]:
    if document is UNKNOWN:
        yield Undecided(resource, f"what {where} grants")
        return
    found = statements(document)
    if found is None:
        yield Violation(resource, f"{where} is not an IAM policy document that can be read")
        return
    for number, statement in enumerate(found, start=1):
        if read(statement, "Effect") != "Deny":
            yield from (Violation(resource, f"{where}, statement {number}: {fault}") for fault in _faults(statement))
            if UNKNOWN in listed(read(statement, "Resource")):
                yield Undecided(resource, f"what {where}, statement {number}, is granted on")


def _faults(statement: Plain) -> Iterator[str]:
    if read(statement, "NotAction") is not None or read(statement, "NotResource") is not None:
        yield "NotAction and NotResource grant all that is not named; name what is granted"
    actions = [action if isinstance(action, str) else "*" for action in listed(read(statement, "Action"))]
    for action in actions:
        service, _, name = action.partition(":")
        if not name.strip("*") or set(service) & set("*?"):
            yield "it grants every action of a service, or of all; name the actions"
    if any(is_everything(each) for each in listed(read(statement, "Resource"))):
        read_all = [name for name in _NAMED_IN_FULL if any(covers(action, name) for action in actions)]
        if read_all:
            yield f"it grants {', '.join(read_all)} on every resource; name the resources"


NO_WILDCARDS: Final = ResourceRule(
    about=Description(
        id="iam-no-wildcards",
        title="No identity may do everything, or read everything",
        severity=Severity.CRITICAL,
        frameworks=("FSBP IAM.1", "FSBP IAM.21", "FSBP KMS.1", "FSBP KMS.2", "CIS AWS 1.16"),
        why="A workload that is taken over can do what its role can do.",
        remediation="Name the actions, and the ARNs that data is read from; attach no administrator's policy.",
    ),
    types=DOCUMENTS | _ATTACHMENTS | _EXCLUSIVE | {ROLE},
    check=no_wildcards,
)
