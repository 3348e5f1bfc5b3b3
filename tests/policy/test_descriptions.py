"""Descriptions of security groups and their rules."""

from __future__ import annotations

import pytest

from policy.network.security_groups import SECURITY_GROUP
from policy.rules.network.descriptions import GROUPS_DESCRIBED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OLDER = "aws:ec2/securityGroupRule:SecurityGroupRule"
SILENT = "description must say what it is for"


@pytest.mark.parametrize("token", [SECURITY_GROUP, RULE, OLDER])
@pytest.mark.parametrize(
    ("value", "passes"),
    [
        ("Pods to the database", True),
        (UNKNOWN, True),
        ("", False),
        (None, False),
        ([], False),
        ("Managed by Pulumi", False),
    ],
)
def test_each_says_what_it_is_for(token: str, value: Plain, *, passes: bool) -> None:
    found = violations(GROUPS_DESCRIBED, resource(token, "it", {"description": value}))
    assert found == ([] if passes else [("it", SILENT)])


def test_rules_within_a_group_say_it_too() -> None:
    rules: list[Plain] = [{"description": "answers"}, {"protocol": "-1"}, 7]
    group = resource(SECURITY_GROUP, "it", {"description": "a\nb", "ingress": rules, "egress": UNKNOWN})
    assert violations(GROUPS_DESCRIBED, group) == [("it", f"ingress, number 2: {SILENT}")]
