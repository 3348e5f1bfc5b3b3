"""Policies of identities: each way to write one, and what their patterns match."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from policy.graph import Resource
from policy.values import UNKNOWN, Plain, elements, present, read

DOCUMENTS: Final = frozenset(
    {
        "aws:iam/policy:Policy",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/userPolicy:UserPolicy",
        "aws:iam/groupPolicy:GroupPolicy",
    }
)
ROLE: Final = "aws:iam/role:Role"
_EVERYTHING: Final = re.compile(r"(key/|alias/|secret:|parameter/|role/|user/|group/|policy/)?\*+(/\*+)?")


def documents(resource: Resource) -> Iterator[tuple[str, Plain]]:
    """Each (property, document) of a policy, or of the policies that are written into a role."""
    if resource.type != ROLE:
        yield "policy", resource.get("policy")
        return
    for inline in elements(resource.get("inlinePolicies")):
        if present(read(inline, "policy")):  # an empty block says that there are none
            yield "inlinePolicies", read(inline, "policy")


def covers(pattern: str, action: str) -> bool:
    """Whether an action of a policy matches: `*` any text, `?` one character, upper and lower case alike."""
    return fnmatchcase(action.lower(), pattern.lower().replace("[", "[[]"))


def is_everything(resource: Plain) -> bool:
    """Whether a Resource is all there are, of AWS or of a kind: `*`, `arn:aws:s3:::*/*`, `arn:aws:kms:…:key/*`."""
    if not isinstance(resource, str):
        return resource is not UNKNOWN
    return _EVERYTHING.fullmatch(resource.split(":", 5)[-1]) is not None
