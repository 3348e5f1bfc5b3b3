"""Web firewall: there, refusing, recorded."""

from __future__ import annotations

import pytest

from policy.graph import Resource
from policy.rules.edge.web_firewall import (
    BALANCERS_BEHIND_WEB_ACL,
    WEB_ACLS_RECORDED,
    WEB_ACLS_REFUSE,
    WEB_ACLS_WITHOUT_SHORTCUTS,
)
from policy.values import UNKNOWN, Plain
from tests.policy.making import resource, violations

ACL = "aws:wafv2/webAcl:WebAcl"
WEB_ACL = resource(ACL, "acl")
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
OPEN = "it is on the internet, and no web ACL of this stack is associated with it"


@pytest.mark.parametrize(
    ("properties", "needs"),
    [
        ({}, True),
        ({"internal": False}, True),
        ({"internal": UNKNOWN}, True),
        ({"internal": True}, False),
        ({"loadBalancerType": "network"}, False),
    ],
)
def test_a_balancer_on_the_internet_needs_a_web_acl(properties: dict[str, Plain], *, needs: bool) -> None:
    balancer = resource(BALANCER, "alb", properties)
    assert violations(BALANCERS_BEHIND_WEB_ACL, balancer) == ([("alb", OPEN)] if needs else [])
    guard = resource(ASSOCIATION, "guard", resourceArn=balancer, webAclArn=WEB_ACL)
    assert violations(BALANCERS_BEHIND_WEB_ACL, balancer, guard, WEB_ACL) == []
    foreign = resource(ASSOCIATION, "guard", {"webAclArn": "arn"}, resourceArn=balancer)
    assert violations(BALANCERS_BEHIND_WEB_ACL, balancer, foreign) == ([("alb", OPEN)] if needs else [])


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (False, ""), (True, "true"), (UNKNOWN, "unknown until it is deployed")]
)
def test_a_balancer_is_shut_while_its_web_acl_fails(value: Plain, shown: str) -> None:
    balancer = resource(BALANCER, "alb", {"internal": True, "enableWafFailOpen": value})
    expected = [("alb", f"enableWafFailOpen is {shown}; it must be false")] if shown else []
    assert violations(BALANCERS_BEHIND_WEB_ACL, balancer) == expected


NAMES = ("AmazonIpReputationList", "CommonRuleSet", "KnownBadInputsRuleSet", "SQLiRuleSet")
METRICS: Plain = {"cloudwatchMetricsEnabled": True}
REFUSE: dict[str, Plain] = {"none": {}}


def managed(name: str, override: Plain = REFUSE, **group: Plain) -> dict[str, Plain]:
    statement: Plain = {"managedRuleGroupStatement": {"vendorName": "AWS", "name": f"AWSManagedRules{name}", **group}}
    return {"name": name, "statement": statement, "overrideAction": override, "visibilityConfig": METRICS}


def rate(action: Plain = {"block": {}}, limit: Plain = 2000) -> dict[str, Plain]:  # noqa: B006 -- never changed
    statement: Plain = {"rateBasedStatement": {"limit": limit, "aggregateKeyType": "IP"}}
    return {"name": "rate", "statement": statement, "action": action, "visibilityConfig": METRICS}


GROUPS = [managed(name) for name in NAMES]
NO_COMMON = [("acl", "no rule of it refuses by AWSManagedRulesCommonRuleSet")]
NO_RATE = [("acl", "no rule of it refuses by rate")]


def acl(*rules: Plain) -> Resource:
    return resource(ACL, "acl", {"rules": rules})


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([*GROUPS, rate()], []),
        ([*GROUPS, rate({"block": {"customResponse": {"responseCode": 429}}})], []),
        ([GROUPS[0], *GROUPS[2:], rate()], NO_COMMON),
        ([GROUPS[0], managed("CommonRuleSet", {"count": {}}), *GROUPS[2:], rate()], NO_COMMON),
        ([GROUPS[0], managed("CommonRuleSet", {"none": {}, "count": {}}), *GROUPS[2:], rate()], NO_COMMON),
        ([GROUPS[0], managed("CommonRuleSet", None), *GROUPS[2:], rate()], NO_COMMON),
        (
            [GROUPS[0], managed("CommonRuleSet", scopeDownStatement={"geoMatchStatement": {}}), *GROUPS[2:], rate()],
            NO_COMMON,
        ),
        ([GROUPS[0], managed("CommonRuleSet", vendorName="Other"), *GROUPS[2:], rate()], NO_COMMON),
        (
            [
                GROUPS[0],
                managed("CommonRuleSet", ruleActionOverrides=[{"name": "SizeRestrictions_BODY"}]),
                *GROUPS[2:],
                rate(),
            ],
            [],
        ),
        ([GROUPS[0], UNKNOWN, *GROUPS[2:], rate()], NO_COMMON),
        (GROUPS, NO_RATE),
        ([*GROUPS, rate({"count": {}})], NO_RATE),
        ([*GROUPS, rate(limit=UNKNOWN)], NO_RATE),
    ],
)
def test_a_web_acl_refuses(rules: list[Plain], expected: list[tuple[str, str]]) -> None:
    assert violations(WEB_ACLS_REFUSE, acl(*rules)) == expected


@pytest.mark.parametrize("rules", [None, [], UNKNOWN])
def test_an_empty_web_acl_refuses_nothing(rules: Plain) -> None:
    assert len(violations(WEB_ACLS_REFUSE, resource(ACL, "acl", {"rules": rules, "ruleJson": "[]"}))) == 5


def test_rules_may_be_resources_of_their_own() -> None:
    bare = resource(ACL, "acl")
    rules = [
        resource("aws:wafv2/webAclRule:WebAclRule", f"rule-{number}", rule, webAclArn=bare)
        for number, rule in enumerate([*GROUPS, rate()])
    ]
    assert violations(WEB_ACLS_REFUSE, bare, *rules) == []


QUERY: dict[str, Plain] = {"queryString": {}}
LOG_GROUP = resource("aws:cloudwatch/logGroup:LogGroup", "log", {"name": "aws-waf-logs-tmi"})
REDACTED: Plain = [
    {"singleHeader": {"name": "authorization"}},
    {"singleHeader": {"name": "cookie"}},
    QUERY,
]


def recorded(fields: Plain = REDACTED, group: Resource = LOG_GROUP) -> tuple[Resource, ...]:
    watched = resource(ACL, "acl", {"visibilityConfig": METRICS, "rules": [rate()]})
    token = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"  # noqa: S105 -- a type token
    known: dict[str, Plain] = {"redactedFields": fields}
    logging = resource(token, "logging", known, resourceArn=watched, logDestinationConfigs=group)
    return (watched, logging, group)


def test_a_recorded_web_acl_passes() -> None:
    assert violations(WEB_ACLS_RECORDED, *recorded()) == []


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ([{"singleHeader": {"name": "authorization"}}], ["cookie"]),
        ([{"singleHeader": {"name": "cookie"}}], ["authorization"]),
        ([QUERY], ["authorization", "cookie"]),
        (None, ["authorization", "cookie"]),
        (UNKNOWN, ["authorization", "cookie"]),
    ],
)
def test_credentials_are_redacted(fields: Plain, missing: list[str]) -> None:
    expected = [("logging", f"redactedFields must hold the header {name}") for name in missing]
    assert violations(WEB_ACLS_RECORDED, *recorded(fields)) == expected


@pytest.mark.parametrize("name", ["/aws/waf/tmi", None, UNKNOWN])
def test_the_log_groups_name_is_one_that_waf_takes(name: Plain) -> None:
    group = resource(LOG_GROUP.type, "log", {"name": name})
    message = "name must begin with aws-waf-logs-, or WAF does not take it"
    assert violations(WEB_ACLS_RECORDED, *recorded(group=group)) == [("log", message)]


def test_the_destination_is_of_the_stack_and_there_is_one() -> None:
    watched, logging, group = recorded()
    assert violations(WEB_ACLS_RECORDED, watched, logging) == [
        ("logging", "logDestinationConfigs must name a destination of this stack")
    ]
    assert violations(WEB_ACLS_RECORDED, watched, group) == [("acl", "it is not logged")]


@pytest.mark.parametrize("config", [None, {"cloudwatchMetricsEnabled": False}, UNKNOWN])
def test_web_acl_and_rules_are_measured(config: Plain) -> None:
    _, logging, group = recorded()
    message = "visibilityConfig.cloudwatchMetricsEnabled must be true, its own and of each rule"
    for known in (
        {"visibilityConfig": config, "rules": [rate()]},
        {"visibilityConfig": METRICS, "rules": [rate(), {**rate(), "visibilityConfig": config}]},
    ):
        assert violations(WEB_ACLS_RECORDED, resource(ACL, "acl", known), logging, group) == [("acl", message)]


SHORTCUT = "a rule of it allows what comes, and no later rule sees that request"
TURNED = "ruleActionOverrides turns a rule of AWS's that refuses into one that allows"
ALLOWS: dict[str, Plain] = {"statement": {}, "action": {"allow": {}}}
BLOCKS: dict[str, Plain] = {"priority": 1, "action": {"block": {}}}


def overridden(action: Plain) -> dict[str, Plain]:
    group: Plain = {"ruleActionOverrides": [{"name": "it", "actionToUse": action}]}
    return {"priority": 10, "statement": {"managedRuleGroupStatement": group}}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], []),
        ([overridden({"count": {}}), BLOCKS], []),
        ([{**ALLOWS, "priority": 11}, overridden(None)], []),
        ([{**ALLOWS, "priority": 1}, overridden({"count": {}})], [SHORTCUT]),
        ([{**ALLOWS, "priority": UNKNOWN}, overridden({"count": {}})], [SHORTCUT]),
        ([{**ALLOWS, "priority": 1}], [SHORTCUT]),
        ([overridden({"allow": {}})], [TURNED]),
        (UNKNOWN, [SHORTCUT, TURNED]),
        ([UNKNOWN, None], [SHORTCUT, TURNED]),
    ],
)
def test_no_rule_lets_requests_past_the_others(rules: Plain, expected: list[str]) -> None:
    found = violations(WEB_ACLS_WITHOUT_SHORTCUTS, resource(ACL, "acl", {"rules": rules}))
    assert found == [("acl", message) for message in expected]


def test_a_shortcut_beside_the_acl_counts() -> None:
    rule = resource("aws:wafv2/webAclRule:WebAclRule", "rule", {**ALLOWS, "priority": 1}, webAclArn=WEB_ACL)
    assert violations(WEB_ACLS_WITHOUT_SHORTCUTS, WEB_ACL, rule) == [("acl", SHORTCUT)]


@pytest.mark.parametrize(
    ("default", "behavior", "actions", "missing"),
    [
        (None, "KEEP", [], []),
        ("KEEP", "KEEP", [], []),
        ("DROP", "KEEP", ["BLOCK", "COUNT"], []),
        ("DROP", "KEEP", ["BLOCK"], ["COUNT"]),
        ("DROP", "KEEP", [UNKNOWN], ["BLOCK", "COUNT"]),
        ("DROP", "DROP", ["BLOCK", "COUNT"], ["BLOCK", "COUNT"]),
        (UNKNOWN, "KEEP", [], ["BLOCK", "COUNT"]),
    ],
)
def test_what_is_refused_is_not_filtered_out(
    default: Plain, behavior: str, actions: list[Plain], missing: list[str]
) -> None:
    conditions: Plain = [{"actionCondition": {"action": each}} for each in actions]
    chosen: Plain = {"defaultBehavior": default, "filters": [{"behavior": behavior, "conditions": conditions}]}
    token = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"  # noqa: S105 -- a type token
    logging = resource(token, "logging", {"loggingFilter": chosen}, resourceArn=WEB_ACL)
    found = [line for _, line in violations(WEB_ACLS_RECORDED, WEB_ACL, logging) if "loggingFilter" in line]
    assert found == [f"loggingFilter must keep what a rule answers with {action}" for action in missing]
