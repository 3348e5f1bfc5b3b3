"""The number that says whether a secret changed, and the policy that guards it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from components.secret import access_policy, value_version
from tests.iam import findings


@given(st.text())
def test_it_fits_a_version_argument(value: str) -> None:
    assert 1 <= value_version(value) < 2**31


@given(st.text())
def test_it_follows_the_value_alone(value: str) -> None:
    assert value_version(value) == value_version(value)
    assert value_version(value) != value_version(f"{value}x")


def test_it_is_the_same_on_every_machine() -> None:
    assert value_version("example") == 974_093_890


def test_the_policy_only_refuses() -> None:
    document = access_policy("111111111111")
    assert findings(document) == []
    statements = {statement["Sid"]: statement for statement in json.loads(document)["Statement"]}
    assert {statement["Effect"] for statement in statements.values()} == {"Deny"}
    assert statements["RefusePlainHttp"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statements["RefuseOtherAccounts"]["Condition"] == {
        "StringNotEqualsIfExists": {"aws:PrincipalAccount": "111111111111"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
