"""Secrets that the program makes up."""

from __future__ import annotations

import pytest

from policy.rules.randomness import BYTES, PASSWORD, SECRETS_UNGUESSABLE
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

LONG: dict[str, Plain] = {"length": 22, "special": False}


def said(token: str, **properties: Plain) -> list[str]:
    return [message for _, message in violations(SECRETS_UNGUESSABLE, resource(token, "it", properties))]


@pytest.mark.parametrize(
    ("token", "properties"),
    [
        (PASSWORD, LONG),
        (PASSWORD, {"length": 21}),  # 83 characters, all kinds absent: they may occur
        (PASSWORD, {"length": 40, "upper": False, "special": False, "numeric": False}),
        (PASSWORD, {"length": 128, "lower": False, "upper": False, "numeric": False, "overrideSpecial": "!?"}),
        (BYTES, {"length": 16}),
    ],
)
def test_128_bits_are_enough(token: str, properties: dict[str, Plain]) -> None:
    assert said(token, **properties) == []


@pytest.mark.parametrize(
    ("token", "properties", "message"),
    [
        (PASSWORD, {"length": 21, "special": False}, "it has 125 bits; 128 are the least"),
        (PASSWORD, {"length": 22, "special": False, "upper": False}, "it has 113 bits; 128 are the least"),
        (PASSWORD, {"length": 22, "special": UNKNOWN, "upper": UNKNOWN}, "it has 113 bits; 128 are the least"),
        (
            PASSWORD,
            {"length": 127, "lower": False, "upper": False, "numeric": False, "overrideSpecial": "!?!"},
            "it has 127 bits; 128 are the least",
        ),
        (PASSWORD, {"length": 20, "overrideSpecial": UNKNOWN}, "it has 119 bits; 128 are the least"),
        (
            PASSWORD,
            {"length": 90, "lower": False, "upper": False, "numeric": False, "special": False},
            "it has 0 bits; 128 are the least",
        ),
        (BYTES, {"length": 15}, "it has 120 bits; 128 are the least"),
        (BYTES, {"length": -1}, "it has -8 bits; 128 are the least"),
        (BYTES, {}, "length is absent, so nobody can tell how hard it is to guess"),
        (
            BYTES,
            {"length": UNKNOWN},
            "length is unknown until it is deployed, so nobody can tell how hard it is to guess",
        ),
        (PASSWORD, {"length": True}, "length is true, so nobody can tell how hard it is to guess"),
        (PASSWORD, {"length": ["64"]}, "length is another value, so nobody can tell how hard it is to guess"),
    ],
)
def test_less_is_reported(token: str, properties: dict[str, Plain], message: str) -> None:
    assert said(token, **properties) == [message]
