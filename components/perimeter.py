"""Who is outside: the condition of resource policies that refuse other accounts."""

from __future__ import annotations


def outside(account: str) -> dict[str, dict[str, str]]:
    """Holds for whoever is not of the account. Services that act without an account of their own are not outside.

    Source: AWS, data perimeter policy examples.
    """
    return {
        "StringNotEqualsIfExists": {"aws:PrincipalAccount": account},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
