"""Rights over rights."""

from __future__ import annotations

import json

import pytest

from policy.rules.identity.escalation import GUARDS_KEPT, RIGHTS_NOT_RAISED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


def document(**statement: object) -> str:
    whole = {"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "*"} | statement
    return json.dumps({"Version": "2012-10-17", "Statement": [whole]})


def raised(policy: Plain) -> list[str]:
    return [message for _, message in violations(RIGHTS_NOT_RAISED, resource(ROLE_POLICY, "it", {"policy": policy}))]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ({}, "iam:PutRolePolicy"),
        ({"Action": "IAM:putrolepolicy"}, "iam:PutRolePolicy"),
        ({"Action": ["s3:GetObject", "iam:PutGroup*"]}, "iam:PutGroupPolicy"),
        ({"Action": ["iam:Put*UserPolicy", "iam:Attach?olePolicy"]}, "iam:AttachRolePolicy, iam:PutUserPolicy"),
        ({"Action": "kms:PutKeyPolicy", "Resource": "arn:aws:kms:eu-west-1:111111111111:key/*"}, "kms:PutKeyPolicy"),
        ({"Action": "iam:AttachRolePolicy", "Resource": "arn:aws:iam::111111111111:role/*"}, "iam:AttachRolePolicy"),
        ({"Resource": "arn:aws:iam::111111111111:role/tmi"}, ""),
        ({"Condition": {"StringEquals": {"aws:ResourceTag/team": "tmi"}}}, ""),
        ({"Effect": "Deny"}, ""),
        ({"Action": "iam:GetRole"}, ""),
        ({"Action": "iam:*"}, ""),  # iam-no-wildcards says it
        ({"Action": "*"}, ""),
        ({"Action": ["x\ny", 7, None]}, ""),
    ],
)
def test_nobody_raises_rights(statement: dict[str, object], named: str) -> None:
    expected = [f"policy, statement 1: it grants {named} on every resource"] if named else []
    assert raised(document(**statement)) == expected


@pytest.mark.parametrize("policy", [None, UNKNOWN, "{", 7, [], {"Statement": "x"}])
def test_what_cannot_be_read_is_another_rules(policy: Plain) -> None:
    assert raised(policy) == []


@pytest.mark.parametrize("action", ["kms:ScheduleKeyDeletion", "logs:DeleteLogGroup", "backup:DeleteRecoveryPoint"])
def test_nobody_destroys_what_the_others_are_guarded_by(action: str) -> None:
    message = f"policy, statement 1: it grants {action} on every resource"
    role: dict[str, Plain] = {"inlinePolicies": [{}, {"name": "it", "policy": document(Action=action)}]}
    assert violations(GUARDS_KEPT, resource(ROLE_POLICY, "it", {"policy": document(Action=action)})) == [
        ("it", message)
    ]
    assert violations(GUARDS_KEPT, resource("aws:iam/role:Role", "it", role)) == [
        ("it", message.replace("policy,", "inlinePolicies,"))
    ]
    narrow = document(Action=action, Resource="arn:aws:logs:eu-west-1:111111111111:log-group:scratch")
    assert violations(GUARDS_KEPT, resource(ROLE_POLICY, "it", {"policy": narrow})) == []
