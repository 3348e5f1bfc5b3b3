"""Keys: they rotate, and say whom they serve."""

from __future__ import annotations

import json

import pytest

from policy.rules.identity.keys import KEYS_CLOSED, KEYS_ROTATE, KEYS_WAIT
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, undecided, violations

KEY = "aws:kms/key:Key"
REPLICA = "aws:kms/replicaKey:ReplicaKey"
UNROTATED = "enableKeyRotation is {}; it must be true"
PERIOD = "rotationPeriodInDays is {}; it must be 90 to 365"


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
        ({"enableKeyRotation": True, "rotationPeriodInDays": 90}, []),
        ({"enableKeyRotation": True, "rotationPeriodInDays": 366}, [PERIOD.format("366")]),
        ({"enableKeyRotation": True, "rotationPeriodInDays": True}, [PERIOD.format("true")]),
        ({"enableKeyRotation": True, "rotationPeriodInDays": "x\ny"}, [PERIOD.format("another text")]),
    ],
)
def test_a_key_rotates(properties: dict[str, Plain], messages: list[str]) -> None:
    assert violations(KEYS_ROTATE, resource(KEY, "it", properties)) == [("it", message) for message in messages]


def tagged(tier: str) -> dict[str, Plain]:
    return {"tags": {"tmi:tier": tier}}


@pytest.mark.parametrize("token", [KEY, REPLICA])
@pytest.mark.parametrize(
    ("days", "in_production", "elsewhere"),
    [
        (None, True, True),
        (30, True, True),
        (29, False, True),
        (7, False, True),
        (6, False, False),
        (31, False, False),
        (True, False, False),
        (UNKNOWN, False, False),
        ([30], False, False),
    ],
)
def test_a_key_waits_before_it_is_deleted(token: str, days: Plain, *, in_production: bool, elsewhere: bool) -> None:
    for tier, passes in (("production", in_production), ("development", elsewhere)):
        found = violations(KEYS_WAIT, resource(token, "it", {"deletionWindowInDays": days, **tagged(tier)}))
        assert [name for name, _ in found] == ([] if passes else ["it"])


@pytest.mark.parametrize(("token", "name"), [(KEY, "isEnabled"), (REPLICA, "enabled")])
@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (True, ""), (False, "false"), (UNKNOWN, "unknown until it is deployed")]
)
def test_a_key_serves(token: str, name: str, value: Plain, shown: str) -> None:
    message = f"{name} is {shown}; it must be true, or what it encrypted is lost"
    assert violations(KEYS_WAIT, resource(token, "it", {name: value})) == ([("it", message)] if shown else [])


def document(*statements: Plain) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "kms:Decrypt"}
EVERYBODY = "policy, statement 1: it admits everybody; name a principal, or the account in a condition"


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
        (document({**ROOT, "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}), EVERYBODY),
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


def test_a_replica_and_a_policy_of_its_own_are_keys_too() -> None:
    open_to_all = document({**ROOT, "Principal": "*"})
    assert violations(KEYS_CLOSED, resource(REPLICA, "it", {"policy": open_to_all})) == [("it", EVERYBODY)]
    key = resource(KEY, "it", {"policy": document(ROOT)})
    apart = resource("aws:kms/keyPolicy:KeyPolicy", "apart", {"policy": open_to_all}, keyId=key)
    assert violations(KEYS_CLOSED, key, apart) == [("apart", EVERYBODY)]


def test_a_policy_that_is_not_known_is_judged_later() -> None:
    key = resource(KEY, "it", {"policy": UNKNOWN})
    assert undecided(KEYS_CLOSED, key) == ["it"]
    assert violations(KEYS_CLOSED, key) == []
