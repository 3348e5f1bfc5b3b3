"""Trust: who may take a role."""

from __future__ import annotations

import json

import pytest

from policy.rules.identity.trust import ROLES_TRUSTED_NARROWLY
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

ROLE = "aws:iam/role:Role"
SUBJECT = {"StringEquals": {"oidc.example.com:sub": "system:serviceaccount:tmi:tmi-server"}}
EVERYBODY = "it admits everybody; name a principal"
TOKEN = "it admits whoever holds a token of a provider; name the subject in a condition"  # noqa: S105 -- a message
ACCOUNT = "it admits a whole account; name a role, or a condition"
NO_SERVICE = "Service names what is no service of AWS"


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ({"Principal": {"Service": "eks.amazonaws.com"}}, ""),
        ({"Principal": {"Service": ["ec2.amazonaws.com", "eks.amazonaws.com"]}}, ""),
        ({"Principal": {"Service": "eks.example.com"}}, NO_SERVICE),
        ({"Principal": {"Service": ["ec2.amazonaws.com", "x\ny"]}}, NO_SERVICE),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:role/deployer"}}, ""),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:root"}}, ACCOUNT),
        ({"Principal": {"AWS": ["111111111111"]}}, ACCOUNT),
        ({"Principal": {"AWS": "111111111111:role"}}, ""),
        ({"Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Condition": {"Bool": {"a": "true"}}}, ""),
        ({"Principal": "*"}, EVERYBODY),
        ({"Principal": {"AWS": "*"}}, EVERYBODY),
        ({"Principal": "*", "Condition": SUBJECT}, EVERYBODY),
        ({"NotPrincipal": {"AWS": "arn:aws:iam::111111111111:root"}}, EVERYBODY),
        ({"Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/oidc.example.com"}}, TOKEN),
        (
            {
                "Principal": {"Federated": "arn:aws:iam::111111111111:oidc-provider/oidc.example.com"},
                "Condition": SUBJECT,
            },
            "",
        ),
        ({"Effect": "Deny", "Principal": "*"}, ""),
    ],
)
def test_a_role_names_who_may_take_it(statement: dict[str, Plain], fault: str) -> None:
    whole = {"Effect": "Allow", "Action": "sts:AssumeRole", **statement}
    role = resource(ROLE, "it", {"assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": whole})})
    expected = [("it", f"assumeRolePolicy, statement 1: {fault}")] if fault else []
    assert violations(ROLES_TRUSTED_NARROWLY, role) == expected


@pytest.mark.parametrize("policy", [None, "{", "[]", 7, "{}"])
def test_a_trust_that_cannot_be_read_is_none(policy: Plain) -> None:
    role = resource(ROLE, "it", {"assumeRolePolicy": policy})
    message = "assumeRolePolicy is not a policy document that can be read"
    assert violations(ROLES_TRUSTED_NARROWLY, role) == [("it", message)]


def test_a_trust_that_is_not_known_is_judged_later() -> None:
    role = resource(ROLE, "it", {"assumeRolePolicy": UNKNOWN})
    assert undecided(ROLES_TRUSTED_NARROWLY, role) == ["it"]
    assert violations(ROLES_TRUSTED_NARROWLY, role) == []
