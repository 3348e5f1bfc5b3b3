"""Descriptions: what a security group and each of its rules is for, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policy.graph import Resource
from policy.network.security_groups import SECURITY_GROUP
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import Plain, elements, present, read

_RULES: Final = (
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
_BY_DEFAULT: Final = ("Managed by Pulumi", "Managed by Terraform")
"""What the provider writes where nothing was given."""


def groups_described(resource: Resource) -> Iterator[Violation]:
    """A security group and each rule of it says what it is for."""
    if not _says(resource.get("description")):
        yield Violation(resource, "description must say what it is for")
    inline: Mapping[str, Plain] = {name: resource.get(name) for name in ("ingress", "egress")}
    for name, rules in inline.items() if resource.type == SECURITY_GROUP else ():
        for number, rule in enumerate(elements(rules), start=1):
            if not _says(read(rule, "description")):
                yield Violation(resource, f"{name}, number {number}: description must say what it is for")


def _says(value: Plain) -> bool:
    return present(value) and value not in _BY_DEFAULT


GROUPS_DESCRIBED: Final = ResourceRule(
    about=Description(
        id="groups-described",
        title="Security groups and their rules say what they are for",
        severity=Severity.MEDIUM,
        frameworks=("WA SEC05",),
        why="A rule that nobody can explain is one that nobody dares to remove.",
        remediation="Set description on the group and on each rule.",
    ),
    types=frozenset({SECURITY_GROUP, *_RULES}),
    check=groups_described,
)
