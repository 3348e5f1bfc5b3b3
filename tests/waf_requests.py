"""AWS WAF as far as our rules use it: which rule of a recorded web ACL decides over a request.

What only AWS knows comes with the request: its country, how many went before it, and which rules of the managed groups
would match. What those rules are called and which labels they put on is AWS's documentation, told here a second time:
a rule's table must not be checked against itself.
Source: AWS WAF Developer Guide, baseline rule groups; use-case specific rule groups; IP reputation rule groups.
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

_COMMON: Final = ("AWSManagedRulesCommonRuleSet", "awswaf:managed:aws:core-rule-set:")
_INPUTS: Final = ("AWSManagedRulesKnownBadInputsRuleSet", "awswaf:managed:aws:known-bad-inputs:")
_SQL: Final = ("AWSManagedRulesSQLiRuleSet", "awswaf:managed:aws:sql-database:")
_REPUTATION: Final = ("AWSManagedRulesAmazonIpReputationList", "awswaf:managed:aws:amazon-ip-list:")

MANAGED_RULES: Final[Mapping[str, tuple[str, str]]] = {
    rule: (group, namespace + label)
    for (group, namespace), rules in {
        _REPUTATION: {"AWSManagedIPReputationList": "AWSManagedIPReputationList"},
        _INPUTS: {
            "JavaDeserializationRCE_HEADER": "JavaDeserializationRCE_Header",
            "JavaDeserializationRCE_BODY": "JavaDeserializationRCE_Body",
            "Log4JRCE_QUERYSTRING": "Log4JRCE_QueryString",
            "Log4JRCE_BODY": "Log4JRCE_Body",
            "ReactJSRCE_BODY": "ReactJSRCE_Body",
            "ExploitablePaths_URIPATH": "ExploitablePaths_URIPath",
        },
        _COMMON: {
            "NoUserAgent_HEADER": "NoUserAgent_Header",
            "SizeRestrictions_QUERYSTRING": "SizeRestrictions_QueryString",
            "SizeRestrictions_Cookie_HEADER": "SizeRestrictions_Cookie_Header",
            "SizeRestrictions_BODY": "SizeRestrictions_Body",
            "EC2MetaDataSSRF_BODY": "EC2MetaDataSSRF_Body",
            "EC2MetaDataSSRF_QUERYARGUMENTS": "EC2MetaDataSSRF_QueryArguments",
            "GenericLFI_BODY": "GenericLFI_Body",
            "GenericLFI_URIPATH": "GenericLFI_URIPath",
            "GenericRFI_BODY": "GenericRFI_Body",
            "CrossSiteScripting_BODY": "CrossSiteScripting_Body",
            "CrossSiteScripting_QUERYARGUMENTS": "CrossSiteScripting_QueryArguments",
        },
        _SQL: {
            "SQLi_QUERYARGUMENTS": "SQLi_QueryArguments",
            "SQLi_BODY": "SQLi_Body",
            "SQLiExtendedPatterns_BODY": "SQLiExtendedPatterns_Body",
            "SQLi_COOKIE": "SQLi_Cookie",
        },
    }.items()
    for rule, label in rules.items()
}
"""Managed rules by name: their group and the label they put on. All those for bodies, and some of each other kind."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request as WAF sees it."""

    path: str = "/threat_models"
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    address: str = "203.0.113.7"
    country: str = "DE"
    recent: int = 0
    """How many requests of the kind came from the address within the window."""
    matched: Sequence[str] = ()
    """Rules of managed groups that match."""


class FirewallModel:
    """A web ACL that is asked about one request after the other."""

    def __init__(self, acl: Mapping[str, Any], ip_sets: Mapping[str, Sequence[str]]) -> None:
        """Take the recorded inputs of the web ACL, and the addresses of each IP set by its ARN."""
        self._rules = sorted(acl["rules"], key=lambda rule: rule["priority"])
        self._ip_sets = ip_sets

    def decide(self, request: Request) -> str | None:
        """The name of the rule that refuses; of the managed rule, where a group does; nothing if the request passes."""
        labels: set[str] = set()
        for rule in self._rules:
            group = rule["statement"].get("managedRuleGroupStatement")
            if group is None:
                if self._holds(rule["statement"], request, labels):
                    return str(rule["name"])
                continue
            assert rule["overrideAction"] == {"none": {}}
            counted = {override["name"] for override in group["ruleActionOverrides"]}
            for name in request.matched:
                home, label = MANAGED_RULES[name]
                if home == group["name"] and name not in counted:
                    return name
                if home == group["name"]:
                    labels.add(label)
        return None

    def _holds(self, statement: Mapping[str, Any], request: Request, labels: set[str]) -> bool:  # noqa: PLR0911
        ((kind, body),) = statement.items()
        assert kind not in ("andStatement", "orStatement") or len(body["statements"]) > 1, "WAF combines two at least"
        match kind:
            case "andStatement":
                return all(self._holds(each, request, labels) for each in body["statements"])
            case "orStatement":
                return any(self._holds(each, request, labels) for each in body["statements"])
            case "notStatement":
                return not self._holds(body["statement"], request, labels)
            case "labelMatchStatement":
                return body["key"] in labels
            case "geoMatchStatement":
                return request.country in body["countryCodes"]
            case "ipSetReferenceStatement":
                address = ipaddress.IPv4Address(request.address)
                return any(address in ipaddress.IPv4Network(each) for each in self._ip_sets[body["arn"]])
            case "rateBasedStatement":
                inner = body.get("scopeDownStatement")
                return request.recent > body["limit"] and (inner is None or self._holds(inner, request, labels))
            case _:
                value = _component(body, request)
                return value is not None and _matches(kind, body, value)


def _component(body: Mapping[str, Any], request: Request) -> str | None:
    """The part of the request that a statement looks at, transformed; nothing where the request lacks it."""
    ((part, detail),) = body["fieldToMatch"].items()
    match part:
        case "uriPath":
            value: str | None = request.path
        case "queryString":
            value = request.query
        case _:
            assert part == "singleHeader"
            value = {name.lower(): text for name, text in request.headers.items()}.get(detail["name"])
    (transformation,) = body["textTransformations"]
    change = {"NONE": str, "LOWERCASE": str.lower, "URL_DECODE": unquote}[transformation["type"]]
    return None if value is None else change(value)


def _matches(kind: str, body: Mapping[str, Any], value: str) -> bool:
    match kind:
        case "regexMatchStatement":
            return re.search(body["regexString"], value) is not None
        case "byteMatchStatement":
            assert body["positionalConstraint"] == "EXACTLY"
            return value == body["searchString"]
        case _:
            assert (kind, body["comparisonOperator"]) == ("sizeConstraintStatement", "GT")
            return operator.gt(len(value.encode()), body["size"])
