"""Secrets that the program makes: nobody guesses them."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2
from typing import Final

from policy.graph import Resource
from policy.rule import Description, ResourceRule, Severity, Violation
from policy.values import UNKNOWN, Plain

_PASSWORD: Final = "random:index/randomPassword:RandomPassword"  # noqa: S105 -- a type token
_BYTES: Final = "random:index/randomBytes:RandomBytes"
_LEAST_BITS: Final = 112
"""The least security strength. Source: NIST SP 800-57 Part 1, for use beyond 2030: 128, and 112 before."""
_SPECIAL: Final = 21
"""The provider's own special characters. Source: Pulumi Registry, random.RandomPassword."""
_BITS_OF_A_BYTE: Final = 8


def generated_secrets_long(secret: Resource) -> Iterator[Violation]:
    """Each password or key that the random provider makes is too long to be guessed."""
    length = secret.get("length")
    each = _bits(secret)
    if not isinstance(length, int) or isinstance(length, bool) or length * each < _LEAST_BITS:
        yield Violation(secret, f"length must be known, and enough for {_LEAST_BITS} bits")


def _bits(secret: Resource) -> float:
    """How much each character or byte tells."""
    if secret.type == _BYTES:
        return _BITS_OF_A_BYTE
    chosen = secret.get("overrideSpecial")
    special = len(set(chosen)) if isinstance(chosen, str) and chosen else _SPECIAL
    sizes = {"lower": 26, "upper": 26, "numeric": 10, "special": special}
    alphabet = sum(size for name, size in sizes.items() if _is_on(secret, name))
    return log2(alphabet) if alphabet else 0.0


def _is_on(secret: Resource, name: str) -> bool:
    """Whether a kind of character may occur; absent: yes. `number` is an earlier name of `numeric`."""
    values: list[Plain] = [secret.get(name), secret.get("number") if name == "numeric" else None]
    return all(value is None or (value is not UNKNOWN and value is True) for value in values)


GENERATED_SECRETS_LONG: Final = ResourceRule(
    about=Description(
        id="generated-secrets-long",
        title="Generated passwords and keys are too long to be guessed",
        severity=Severity.HIGH,
        frameworks=("WA SEC02",),
        why="A password of eight characters is found in hours by whoever holds its hash.",
        remediation="Give length 24 or more, or 16 bytes.",
    ),
    types=frozenset({_PASSWORD, _BYTES}),
    check=generated_secrets_long,
)
