"""Names: questions recorded, and an allow list that ends."""

from __future__ import annotations

import pytest

from policy.graph import PROVIDER, Resource
from policy.rules.network.names import NAMES_FAIL_CLOSED, NAMES_REFUSED_AT_LAST, QUERIES_RECORDED
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

VPC = resource("aws:ec2/vpc:Vpc", "vpc")
CONFIG = resource("aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig", "log")
ASSOCIATION = "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation"
UNHEARD = [("vpc", "no query log of this stack records which names it asks for")]


def test_each_vpc_has_a_query_log_of_the_stack() -> None:
    heard = resource(ASSOCIATION, "it", resourceId=VPC, resolverQueryLogConfigId=CONFIG)
    assert violations(QUERIES_RECORDED, VPC, CONFIG, heard) == []
    foreign = resource(ASSOCIATION, "it", {"resolverQueryLogConfigId": "rqlc-1"}, resourceId=VPC)
    assert violations(QUERIES_RECORDED, VPC, CONFIG, foreign) == UNHEARD
    assert violations(QUERIES_RECORDED, VPC, CONFIG) == UNHEARD


GROUP = resource("aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup", "group")
HUNG = resource(
    "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
    "hung",
    vpcId=VPC,
    firewallRuleGroupId=GROUP,
)
LISTS = "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList"
ALL = resource(LISTS, "all", {"domains": ["*"]})
SOME = resource(LISTS, "some", {"domains": ["*.example.com"]})


def rule(name: str, action: Plain, priority: Plain, domains: Resource) -> Resource:
    known: dict[str, Plain] = {"action": action, "priority": priority}
    token = "aws:route53/resolverFirewallRule:ResolverFirewallRule"  # noqa: S105 -- a type token
    return resource(token, name, known, firewallRuleGroupId=GROUP, firewallDomainListId=domains)


ALLOW = rule("allow", "ALLOW", 100, SOME)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((ALLOW, rule("block", "BLOCK", 200, ALL)), []),
        ((rule("block", "BLOCK", 200, ALL), ALLOW), []),
        ((ALLOW,), ["allow", "allow"]),
        ((rule("allow", "ALLOW", 100, ALL), rule("block", "BLOCK", 200, ALL)), ["allow"]),
        ((rule("allow", "ALERT", 100, ALL), rule("block", "BLOCK", 200, ALL)), ["allow"]),
        ((rule("allow", UNKNOWN, 100, ALL), rule("block", "BLOCK", 200, ALL)), ["allow"]),
        ((rule("first", "BLOCK", 100, ALL), rule("block", "BLOCK", 200, ALL)), []),
        ((ALLOW, rule("block", "ALERT", 200, ALL)), ["block"]),
        ((ALLOW, rule("block", UNKNOWN, 200, ALL)), ["block"]),
        ((ALLOW, rule("block", "BLOCK", 200, SOME)), ["block"]),
        ((ALLOW, rule("block", "BLOCK", 50, ALL)), ["allow", "allow"]),
        ((ALLOW, rule("block", "BLOCK", UNKNOWN, ALL)), ["allow", "allow"]),
        ((), ["group"]),
    ],
)
def test_the_last_rule_blocks_every_name(rules: tuple[Resource, ...], expected: list[str]) -> None:
    found = violations(NAMES_REFUSED_AT_LAST, VPC, GROUP, HUNG, ALL, SOME, *rules)
    assert [name for name, _ in found] == expected


def test_the_last_rule_is_named_with_what_is_wrong() -> None:
    found = violations(NAMES_REFUSED_AT_LAST, VPC, GROUP, HUNG, ALL, SOME, rule("last", "ALERT", 1, SOME))
    assert found == [
        ("last", "it is the last of group, and its action is ALERT, not BLOCK"),
        ("last", "it is the last of group, and its domain list does not hold *, every name"),
    ]


def test_a_group_that_hangs_nowhere_is_not_judged_and_a_foreign_one_is_refused() -> None:
    assert violations(NAMES_REFUSED_AT_LAST, GROUP, SOME, ALLOW) == []
    foreign = resource(HUNG.type, "foreign", {"firewallRuleGroupId": "rslvr-frg-1"}, vpcId=VPC)
    message = "firewallRuleGroupId must be a rule group of this stack"
    assert violations(NAMES_REFUSED_AT_LAST, VPC, foreign) == [("foreign", message)]


def test_a_group_is_for_a_vpc_of_the_stack() -> None:
    elsewhere = resource(HUNG.type, "hung", {"vpcId": "vpc-1"}, firewallRuleGroupId=GROUP)
    last = rule("block", "BLOCK", 200, ALL)
    assert violations(NAMES_REFUSED_AT_LAST, GROUP, elsewhere, ALL, last) == [
        ("hung", "vpcId must be a VPC of this stack")
    ]


@pytest.mark.parametrize("action", ["ALLOW", "ALERT", None, UNKNOWN])
def test_no_rule_before_lets_every_name_through(action: Plain) -> None:
    last = rule("block", "BLOCK", 200, ALL)
    message = "it lets names through, so its domain list must be of this stack, and not hold *"
    for domains, expected in ((SOME, []), (ALL, [("first", message)]), (HUNG, [("first", message)])):
        first = rule("first", action, 100, domains)
        assert violations(NAMES_REFUSED_AT_LAST, VPC, GROUP, HUNG, ALL, SOME, first, last) == expected
    assert violations(NAMES_REFUSED_AT_LAST, VPC, GROUP, HUNG, ALL, rule("first", "BLOCK", 1, HUNG), last) == []


DEVELOPMENT = Resource(
    urn="urn:pulumi:test::tmi::pulumi:providers:aws::main",
    type=f"{PROVIDER}aws",
    name="main",
    properties={"defaultTags": {"tags": {"tmi:tier": "development"}}},
)


@pytest.mark.parametrize(
    ("value", "closed"), [("DISABLED", True), ("ENABLED", False), (None, False), (UNKNOWN, False), (False, False)]
)
def test_production_resolves_nothing_unseen(value: Plain, closed: bool) -> None:  # noqa: FBT001
    token = "aws:route53/resolverFirewallConfig:ResolverFirewallConfig"  # noqa: S105 -- a type token
    config = resource(token, "config", {"firewallFailOpen": value}, resourceId=VPC)
    message = "one ResolverFirewallConfig must give it firewallFailOpen DISABLED"
    assert violations(NAMES_FAIL_CLOSED, VPC, GROUP, HUNG, config) == ([] if closed else [("vpc", message)])
    assert violations(NAMES_FAIL_CLOSED, VPC, GROUP, HUNG) == [("vpc", message)]
    assert violations(NAMES_FAIL_CLOSED, DEVELOPMENT, VPC, GROUP, HUNG) == []
    assert violations(NAMES_FAIL_CLOSED, VPC, config) == []
