"""Secrets that the program makes up: too many to try."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import UNKNOWN, Plain, show

PASSWORD: Final = "random:index/randomPassword:RandomPassword"  # noqa: S105 -- a type token
BYTES: Final = "random:index/randomBytes:RandomBytes"
_FEWEST_BITS: Final = 128
"""Source: NIST SP 800-57 part 1, security strengths: 128 bits are good for 2031 and beyond."""
_ALPHABETS: Final = (("lower", 26), ("upper", 26), ("numeric", 10))
_SPECIAL: Final = len("!@#$%&*()-_=+[]{}<>:?")
"""How many special characters the provider has. Source: pulumi-random, RandomPassword, overrideSpecial."""


def secrets_unguessable(secret: Resource) -> Iterator[Violation]:
    """A made-up secret has 128 bits at least that nobody knows."""
    length = secret.get("length")
    if not isinstance(length, (int, float)) or isinstance(length, bool):
        yield Violation(secret, f"length is {show(length)}, so nobody can tell how hard it is to guess")
        return
    bits = length * (8 if secret.type == BYTES else math.log2(max(_characters(secret), 1)))
    if bits < _FEWEST_BITS:
        yield Violation(secret, f"it has {math.floor(bits)} bits; {_FEWEST_BITS} are the least")


def _characters(password: Resource) -> int:
    known = sum(size for name, size in _ALPHABETS if _may(password.get(name)))
    chosen = password.get("overrideSpecial")
    special = len(set(chosen)) if isinstance(chosen, str) else 0 if chosen is UNKNOWN else _SPECIAL
    return known + (special if _may(password.get("special")) else 0)


def _may(value: Plain) -> bool:
    """Whether a kind of characters may occur; absent: it may. What is not known counts as if it did not."""
    return value is None or value is True


SECRETS_UNGUESSABLE: Final = ResourceRule(
    about=Description(
        id="secrets-unguessable",
        title="Secrets that are made up have 128 bits at least",
        severity=Severity.HIGH,
        frameworks=("WA SEC02",),
        why="A token that opens a store of data from inside the network can be tried as often as anybody likes.",
        remediation="Raise length: 22 letters and digits or 16 bytes have 128 bits.",
    ),
    types=frozenset({PASSWORD, BYTES}),
    check=secrets_unguessable,
)
