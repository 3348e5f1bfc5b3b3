"""Identity: what roles may do, and on what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from policy.documents import listed, statements
from policy.graph import Resource
from policy.rule import Description, Finding, ResourceRule, Severity, Undecided, Violation
from policy.values import UNKNOWN, Plain, elements, present, read

_DOCUMENTS: Final = frozenset(
    {
        "aws:iam/policy:Policy",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/userPolicy:UserPolicy",
        "aws:iam/groupPolicy:GroupPolicy",
    }
)
_ROLE: Final = "aws:iam/role:Role"
_ATTACHMENTS: Final = frozenset(
    {
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        "aws:iam/policyAttachment:PolicyAttachment",
    }
)
_BANNED: Final = re.compile(r"arn:[a-z-]+:iam::aws:policy/(AdministratorAccess|PowerUserAccess|IAMFullAccess)")
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
    if resource.type == _ROLE:
        for arn in elements(resource.get("managedPolicyArns")):
            yield from _attached(resource, arn)
        for inline in elements(resource.get("inlinePolicies")):
            if present(read(inline, "policy")):  # an empty block says that there are none
                yield from _granted(resource, "inlinePolicies", read(inline, "policy"))
        return
    yield from _granted(resource, "policy", resource.get("policy"))


def _attached(resource: Resource, arn: Plain) -> Iterator[Finding]:
    if arn is UNKNOWN:
        yield Undecided(resource, "which policy is attached")
    elif found := _BANNED.fullmatch(arn if isinstance(arn, str) else ""):
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
    if any(_is_everything(each) for each in listed(read(statement, "Resource"))):
        read_all = [name for name in _NAMED_IN_FULL if any(_covers(action, name) for action in actions)]
        if read_all:
            yield f"it grants {', '.join(read_all)} on every resource; name the resources"


def _covers(pattern: str, action: str) -> bool:
    """Whether an action of a policy matches: `*` any text, `?` one character, upper and lower case alike."""
    return fnmatchcase(action.lower(), pattern.lower().replace("[", "[[]"))


def _is_everything(resource: Plain) -> bool:
    """Whether a Resource is all there are, of AWS or of a kind: `*`, `arn:aws:s3:::*/*`, `arn:aws:kms:…:key/*`."""
    if not isinstance(resource, str):
        return resource is not UNKNOWN
    return _EVERYTHING.fullmatch(resource.split(":", 5)[-1]) is not None


_EVERYTHING: Final = re.compile(r"(key/|alias/|secret:|parameter/|role/)?\*+(/\*+)?")

NO_WILDCARDS: Final = ResourceRule(
    about=Description(
        id="iam-no-wildcards",
        title="No identity may do everything, or read everything",
        severity=Severity.CRITICAL,
        frameworks=("FSBP IAM.1", "FSBP IAM.21", "FSBP KMS.1", "FSBP KMS.2", "CIS AWS 1.16"),
        why="A workload that is taken over can do what its role can do.",
        remediation="Name the actions, and the ARNs that data is read from; attach no administrator's policy.",
    ),
    types=_DOCUMENTS | _ATTACHMENTS | {_ROLE},
    check=no_wildcards,
)
