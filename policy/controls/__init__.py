"""The controls of public frameworks about what such stacks are made of, and why some have no rule.

What a rule covers it names itself, in its description. Here stand all others: those that no rule can or need decide,
each with the reason, and those without an id of their own, with the rules that hold them. Tests see that none is
missing, and that none is excused which a rule covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policy.controls import aws, kubernetes

PREFIXES: Final = ("FSBP", "CIS AWS", "CIS EKS", "PSS", "NSA", "WA")
"""AWS Foundational Security Best Practices; CIS AWS Foundations (ids of v3, else of v5 or v7); CIS EKS 1.8; Pod
Security Standards; NSA and CISA, Kubernetes Hardening Guide; questions of the AWS Well-Architected Framework."""

KNOWN: Final[frozenset[str]] = aws.KNOWN | kubernetes.KNOWN
"""The controls with an id that a program could decide or break."""
LEFT_OUT: Final[Mapping[str, str]] = {**aws.LEFT_OUT, **kubernetes.LEFT_OUT}
"""Those that no rule covers, and why."""
NAMED: Final[Mapping[str, tuple[str, ...]]] = {**aws.NAMED, **kubernetes.NAMED}
"""Controls without an id of their own, each with the rules that hold it."""
