"""Keys: they rotate, and say whom they serve."""

from __future__ import annotations

import json

import pytest

from policy.rules.keys import KEYS_CLOSED, KEYS_ROTATE
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

KEY = "aws:kms/key:Key"
UNROTATED = "enableKeyRotation is {}; it must be true"


@pytest.mark.parametrize(
    ("properties", "messages"),
    [
        ({"enableKeyRotation": True}, []),
        ({}, [UNROTATED.format("absent")]),
        ({"enableKeyRotation": False}, [UNROTATED.format("false")]),
        ({"enableKeyRotation": UNKNOWN}, [UNROTATED.format("unknown until it is deployed")]),
        ({"enableKeyRotation": "true"}, [UNROTATED.format("another text")]),
        ({"enableKeyRotation": False, "customerMasterKeySpec": "SYMMETRIC_DEFAULT"}, [UNROTATED.format("false")]),
        ({"customerMasterKeySpec": "RSA_2048"}, []),
        ({"customKeyStoreId": "cks-1"}, []),
        ({"enableKeyRotation": True, "deletionWindowInDays": 7}, []),
        ({"enableKeyRotation": True, "deletionWindowInDays": 6}, ["deletionWindowInDays is 6; it must be 7 or more"]),
        (
            {"enableKeyRotation": True, "deletionWindowInDays": "x\ny"},
            ["deletionWindowInDays is another text; it must be 7 or more"],
        ),
    ],
)
def test_a_key_rotates(properties: dict[str, Plain], messages: list[str]) -> None:
    assert violations(KEYS_ROTATE, resource(KEY, "it", properties)) == [("it", message) for message in messages]


def document(*statements: Plain) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "kms:Decrypt"}
EVERYBODY = "policy, statement 1: it admits everybody; name a principal, or a condition"


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (document(ROOT), ""),
        (document({**ROOT, "Principal": {"Service": "logs.eu-west-1.amazonaws.com"}}), ""),
        (document({**ROOT, "Principal": "*"}), EVERYBODY),
        (document({**ROOT, "Principal": {"AWS": "*"}}), EVERYBODY),
        (document({**ROOT, "Principal": {"AWS": ["arn:aws:iam::111111111111:root", "*"]}}), EVERYBODY),
        (document({"Effect": "Allow", "NotPrincipal": {"AWS": "x"}, "Action": "kms:*"}), EVERYBODY),
        (document({"Principal": "*", "Action": "kms:*"}), EVERYBODY),
        (document({**ROOT, "Principal": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "1"}}}), ""),
        (document({**ROOT, "Principal": "*", "Condition": {}}), EVERYBODY),
        (document({**ROOT, "Effect": "Deny", "Principal": "*"}), ""),
        (document(), "policy is not a policy document that can be read"),
        ("{", "policy is not a policy document that can be read"),
        (None, "policy must be given: AWS's default admits whoever IAM lets"),
        ("", "policy must be given: AWS's default admits whoever IAM lets"),
        (7, "policy is not a policy document that can be read"),
    ],
)
def test_a_key_names_whom_it_serves(policy: Plain, message: str) -> None:
    assert violations(KEYS_CLOSED, resource(KEY, "it", {"policy": policy})) == ([("it", message)] if message else [])


def test_a_policy_that_is_not_known_is_judged_later() -> None:
    key = resource(KEY, "it", {"policy": UNKNOWN})
    assert undecided(KEYS_CLOSED, key) == ["it"]
    assert violations(KEYS_CLOSED, key) == []
