"""Names of DNS and patterns for them."""

from __future__ import annotations

from typing import Final

WILDCARD: Final = "*."


def covers(pattern: str, domain: str) -> bool:
    """Whether a pattern stands for every name that another one stands for.

    A wildcard stands for the names below its domain, however deep, and not for the domain itself. Source: definition
    of DomainName in aws/amazon-network-policy-controller-k8s.
    """
    below = pattern.startswith(WILDCARD) and domain.removeprefix(WILDCARD).endswith(pattern.removeprefix("*"))
    return below or pattern == domain
