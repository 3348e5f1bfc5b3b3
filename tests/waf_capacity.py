"""What a recorded web ACL costs in capacity units of AWS WAF.

Each text transformation counts ten, `NONE` too, and as often as it is written: the guide says ten for each, and no page
says that AWS counts fewer. The true figure is therefore lower. Source: AWS WAF Developer Guide, rule statements, each
statement's page; for the groups, baseline rule groups, use-case specific rule groups and IP reputation rule groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

GROUPS: Final = {
    "AWSManagedRulesAmazonIpReputationList": 25,
    "AWSManagedRulesCommonRuleSet": 700,
    "AWSManagedRulesKnownBadInputsRuleSet": 200,
    "AWSManagedRulesSQLiRuleSet": 200,
}
FREE_CAPACITY: Final = 1500
"""What the price of a web ACL includes. Source: AWS WAF Developer Guide, web ACL capacity units."""

_TRANSFORMATION: Final = 10
_BASE: Final = {
    "geoMatchStatement": 1,
    "ipSetReferenceStatement": 1,
    "labelMatchStatement": 1,
    "regexMatchStatement": 3,
    "sizeConstraintStatement": 1,
}
_STRINGS: Final = {"EXACTLY": 2, "STARTS_WITH": 2, "ENDS_WITH": 2, "CONTAINS": 10, "CONTAINS_WORD": 10}
_RATE: Final = 2


def capacity(acl: Mapping[str, Any]) -> int:
    """The capacity of all rules together."""
    return sum(statement_capacity(rule["statement"]) for rule in acl["rules"])


def statement_capacity(statement: Mapping[str, Any]) -> int:
    """The capacity of one statement with all inside it."""
    ((kind, body),) = statement.items()
    transformed = _TRANSFORMATION * len(body.get("textTransformations", []))
    match kind:
        case "andStatement" | "orStatement":
            return sum(map(statement_capacity, body["statements"]))
        case "notStatement":
            return statement_capacity(body["statement"])
        case "rateBasedStatement":
            inner = body.get("scopeDownStatement")
            return _RATE + (statement_capacity(inner) if inner else 0)
        case "managedRuleGroupStatement":
            return GROUPS[body["name"]]
        case "byteMatchStatement":
            return _STRINGS[body["positionalConstraint"]] + transformed
        case _:
            return _BASE[kind] + transformed
