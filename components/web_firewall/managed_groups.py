"""AWS's managed rule groups, and which of their rules count instead of refusing.

Names and labels are AWS's own and follow no scheme: WAF silently ignores an override whose name is wrong, and a label
that is wrong never matches. Source: AWS WAF Developer Guide, baseline rule groups; use-case specific rule groups; IP
reputation rule groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

VENDOR: Final = "AWS"

_WRITING: Final = "Attack strings are what people write into a threat model"
_SIZE: Final = "It refuses more than 8 KiB, and diagrams are larger"
_QUERY_SIZE: Final = "It refuses more than 2 KiB, and answers of identity providers are longer"


class Replacement(StrEnum):
    """The rule of our own, by its name, that refuses where one of AWS's only counts."""

    ATTACK_IN_BODY = "attack-in-body"
    """Refuses what was counted unless the body is JSON."""
    DECLARED_LENGTH = "declared-length"
    """Refuses bodies that declare more than the pod takes; the pod refuses those that declare nothing."""
    QUERY_LENGTH = "query-length"
    """Refuses query strings that are longer than any login's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CountedRule:
    """A rule of a managed group that only counts."""

    name: str
    """AWS's name of the rule."""
    label: str
    """The label it puts on a request, without the namespace of its group."""
    reason: str
    """Why it may not refuse."""
    replacement: Replacement
    """What refuses instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ManagedGroup:
    """A group of rules that AWS writes and keeps.

    No version is pinned. A pinned one expires, and stays as it was on the day of the next Log4Shell; the default one
    moves with AWS. The price is that a new rule for bodies refuses until it stands here too.
    """

    name: str
    """AWS's name of the group."""
    namespace: str
    """What the labels of its rules begin with."""
    refuses: str
    """What it looks for."""
    counted: tuple[CountedRule, ...] = ()
    """Its rules that only count; all others refuse as AWS ships them."""


def _body(name: str, label: str) -> CountedRule:
    return CountedRule(name=name, label=label, reason=_WRITING, replacement=Replacement.ATTACK_IN_BODY)


GROUPS: Final = (
    ManagedGroup(
        name="AWSManagedRulesAmazonIpReputationList",
        namespace="awswaf:managed:aws:amazon-ip-list:",
        refuses="Addresses that Amazon knows for attacks or for scanning",
    ),
    ManagedGroup(
        name="AWSManagedRulesKnownBadInputsRuleSet",
        namespace="awswaf:managed:aws:known-bad-inputs:",
        refuses="Log4Shell, Java deserialization and other inputs that are never valid",
        counted=(
            _body("JavaDeserializationRCE_BODY", "JavaDeserializationRCE_Body"),
            _body("Log4JRCE_BODY", "Log4JRCE_Body"),
            _body("ReactJSRCE_BODY", "ReactJSRCE_Body"),
        ),
    ),
    ManagedGroup(
        name="AWSManagedRulesCommonRuleSet",
        namespace="awswaf:managed:aws:core-rule-set:",
        refuses="Cross-site scripting, file inclusion, metadata of EC2, bad agents, oversize paths and cookies",
        counted=(
            # Sizes are not made up for by content type: a signed SAML answer is a form, and often larger than 8 KiB.
            CountedRule(
                name="SizeRestrictions_BODY",
                label="SizeRestrictions_Body",
                reason=_SIZE,
                replacement=Replacement.DECLARED_LENGTH,
            ),
            CountedRule(
                name="SizeRestrictions_QUERYSTRING",
                label="SizeRestrictions_QueryString",
                reason=_QUERY_SIZE,
                replacement=Replacement.QUERY_LENGTH,
            ),
            _body("EC2MetaDataSSRF_BODY", "EC2MetaDataSSRF_Body"),
            _body("GenericLFI_BODY", "GenericLFI_Body"),
            _body("GenericRFI_BODY", "GenericRFI_Body"),
            _body("CrossSiteScripting_BODY", "CrossSiteScripting_Body"),
        ),
    ),
    ManagedGroup(
        name="AWSManagedRulesSQLiRuleSet",
        namespace="awswaf:managed:aws:sql-database:",
        refuses="SQL injection",
        counted=(
            _body("SQLi_BODY", "SQLi_Body"),
            _body("SQLiExtendedPatterns_BODY", "SQLiExtendedPatterns_Body"),
        ),
    ),
)
"""The groups in the order of evaluation: the cheapest first."""


def labels_replaced_by(replacement: Replacement) -> list[str]:
    """The labels of what only counts because that rule refuses instead."""
    return [
        f"{group.namespace}{rule.label}"
        for group in GROUPS
        for rule in group.counted
        if rule.replacement is replacement
    ]
