"""Ids and ARNs of AWS: which strings have the form of one, and what stands behind them without being made here."""

from __future__ import annotations

import re
from typing import Final

# The prefixes of the resources AWS numbers by hexadecimal ids of 8 or 17 digits, and hosted zones, which begin with Z.
IDENTIFIER: Final = re.compile(
    r"""
    (vpc|subnet|sg|sgr|rtb|rtbassoc|igw|eigw|nat|eipalloc|eipassoc|acl|aclassoc|vpce|eni|fl|pl|dopt|pcx|lt|fs|vol)
    -[0-9a-f]{8}([0-9a-f]{9})?
    | Z(?=[A-Z]*[0-9])[A-Z0-9]{7,31}
    | arn:aws[a-z-]*:[^\s*]+
    """,
    re.VERBOSE,
)

# Account "aws" owns managed policies; an account's root and AWS's own services exist without being made.
MANAGED: Final = re.compile(
    r"""
    arn:aws[a-z-]*:
    ( [a-z0-9-]+:[a-z0-9-]*:aws:.+
    | iam::\d{12}:root
    | iam::\d{12}:role/aws-service-role/.+
    )
    """,
    re.VERBOSE,
)


def is_identifier(text: str) -> bool:
    """Say whether a string has the form of an id or an ARN."""
    return IDENTIFIER.fullmatch(text) is not None


def is_managed(text: str) -> bool:
    """Say whether AWS itself, rather than a stack, provides what an ARN names."""
    return MANAGED.fullmatch(text) is not None
