"""Secrets that the program makes."""

from __future__ import annotations

import pytest

from policy.rules.identity.generated_secrets import GENERATED_SECRETS_LONG
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

SHORT = [("it", "length must be known, and enough for 112 bits")]
PASSWORD = "random:index/randomPassword:RandomPassword"  # noqa: S105 -- a type token


@pytest.mark.parametrize(
    ("properties", "passes"),
    [
        ({"length": 48}, True),
        ({"length": 18}, True),  # of 83 characters
        ({"length": 17}, False),
        ({"length": 19, "special": False}, True),  # of 62
        ({"length": 18, "special": False}, False),
        ({"length": 34, "special": False, "upper": False, "lower": False}, True),  # of 10
        ({"length": 33, "special": False, "upper": False, "lower": False}, False),
        ({"length": 64, "special": False, "upper": False, "lower": False, "numeric": False}, False),
        ({"length": 64, "special": False, "upper": False, "lower": False, "number": False}, False),
        ({"length": 112, "overrideSpecial": "-_", "upper": False, "lower": False, "numeric": False}, True),
        ({"length": 64, "special": UNKNOWN, "upper": UNKNOWN, "lower": UNKNOWN, "numeric": UNKNOWN}, False),
        ({"length": UNKNOWN}, False),
        ({"length": "48"}, False),
        ({"length": True}, False),
        ({}, False),
    ],
)
def test_a_password_is_long_enough(properties: dict[str, Plain], *, passes: bool) -> None:
    assert violations(GENERATED_SECRETS_LONG, resource(PASSWORD, "it", properties)) == ([] if passes else SHORT)


@pytest.mark.parametrize(("length", "passes"), [(14, True), (32, True), (13, False), (UNKNOWN, False), (None, False)])
def test_a_key_is_long_enough(length: Plain, *, passes: bool) -> None:
    made = resource("random:index/randomBytes:RandomBytes", "it", {"length": length})
    assert violations(GENERATED_SECRETS_LONG, made) == ([] if passes else SHORT)
