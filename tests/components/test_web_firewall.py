"""The web firewall: its order, its answers, what it costs, and what it writes down."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi_aws as aws
import pytest

from tests.waf_capacity import FREE_CAPACITY, capacity
from tests.waf_requests import MANAGED_RULES
from tests.web_firewall import acl, firewall

BODY_RULES = {name for name in MANAGED_RULES if name.endswith("_BODY")}


def test_without_networks_there_is_no_set_of_them() -> None:
    assert firewall(networks=("203.0.113.0/24",)).one(aws.wafv2.IpSet).inputs["scope"] == "REGIONAL"
    assert "aws:wafv2/ipSet:IpSet" not in {each.type for each in firewall().resources}


def test_every_order_of_a_list_gives_the_same_plan() -> None:
    networks = ("203.0.113.0/24", "192.0.2.0/24")
    there = firewall(countries=("DE", "AT"), networks=networks)
    back = firewall(countries=("AT", "DE"), networks=networks[::-1])
    assert acl(there) == acl(back)
    assert there.one(aws.wafv2.IpSet).inputs == back.one(aws.wafv2.IpSet).inputs


def test_every_override_is_a_rule_of_its_group() -> None:
    groups = [each["statement"].get("managedRuleGroupStatement") for each in acl(firewall())["rules"]]
    overrides = [(group["name"], each) for group in groups if group for each in group["ruleActionOverrides"]]
    assert {each["name"] for _, each in overrides} == {*BODY_RULES, "SizeRestrictions_QUERYSTRING"}
    for group, override in overrides:
        assert MANAGED_RULES[override["name"]][0] == group
        assert override["actionToUse"] == {"count": {}}


def test_the_order_and_the_answers() -> None:
    table = [
        (each["priority"], each["name"], each.get("action", {}).get("block", {}).get("customResponse"))
        for each in acl(firewall(countries=("DE",)))["rules"]
    ]
    forbidden = {"responseCode": 403, "customResponseBodyKey": "forbidden"}
    too_many = {
        "responseCode": 429,
        "customResponseBodyKey": "rate_limit_exceeded",
        "responseHeaders": [{"name": "Retry-After", "value": "300"}],
    }
    assert table == [
        (1, "allow-lists", forbidden),
        (2, "declared-length", {"responseCode": 413, "customResponseBodyKey": "request_too_large"}),
        (3, "query-length", {"responseCode": 414, "customResponseBodyKey": "query_too_long"}),
        (4, "rate-site", too_many),
        (5, "rate-root", too_many),
        (6, "rate-login", too_many),
        (7, "rate-token", too_many),
        (8, "websocket-origin", forbidden),
        (9, "AWSManagedRulesAmazonIpReputationList", None),
        (10, "AWSManagedRulesKnownBadInputsRuleSet", None),
        (11, "AWSManagedRulesCommonRuleSet", None),
        (12, "AWSManagedRulesSQLiRuleSet", None),
        (13, "attack-in-body", forbidden),
    ]


def test_answers_have_the_form_of_tmis_errors() -> None:
    bodies = acl(firewall())["customResponseBodies"]
    used = set(re.findall(r'"customResponseBodyKey": "(\w+)"', json.dumps(acl(firewall()))))
    assert used == {body["key"] for body in bodies}
    for body in bodies:
        content = json.loads(body["content"])
        assert body["contentType"] == "APPLICATION_JSON"
        assert (content["error"], set(content)) == (body["key"], {"error", "error_description"})


def test_rates_count_one_address_over_five_minutes() -> None:
    statements = [each["statement"].get("rateBasedStatement") for each in acl(firewall())["rules"]]
    rates = [each for each in statements if each]
    assert [each["limit"] for each in rates] == [3000, 60, 300, 100]
    assert {(each["aggregateKeyType"], each["evaluationWindowSec"]) for each in rates} == {("IP", 300)}


def test_what_no_rule_refuses_is_let_through_and_no_rule_allows() -> None:
    inputs = acl(firewall())
    assert (inputs["scope"], inputs["defaultAction"]) == ("REGIONAL", {"allow": {}})
    for rule in inputs["rules"]:
        assert ("action" in rule) != ("overrideAction" in rule)
        assert set(rule.get("action", {"block": {}})) == {"block"}


def test_everything_is_measured_and_nothing_sampled() -> None:
    inputs = acl(firewall())
    for each in (inputs, *inputs["rules"]):
        view = each["visibilityConfig"]
        assert (view["cloudwatchMetricsEnabled"], view["sampledRequestsEnabled"]) == (True, False)
    names = [rule["visibilityConfig"]["metricName"] for rule in inputs["rules"]]
    assert names == [rule["name"] for rule in inputs["rules"]]
    assert inputs["visibilityConfig"]["metricName"] == "tmi-dev"


def test_it_stands_in_front_of_the_load_balancer() -> None:
    cloud = firewall()
    association = cloud.one(aws.wafv2.WebAclAssociation).inputs
    assert association["resourceArn"].endswith(":loadbalancer/app/example/0")
    assert association["webAclArn"] == acl(cloud)["arn"]


def test_secrets_reach_neither_log_nor_lake() -> None:
    cloud = firewall()
    assert acl(cloud)["dataProtectionConfig"] == {
        "dataProtections": [
            {
                "action": "SUBSTITUTION",
                "field": {"fieldType": "SINGLE_HEADER", "fieldKeys": ["authorization", "cookie", "referer"]},
            },
            {"action": "SUBSTITUTION", "field": {"fieldType": "QUERY_STRING"}},
        ]
    }
    assert cloud.one(aws.wafv2.WebAclLoggingConfiguration).inputs["redactedFields"] == [
        {"singleHeader": {"name": "authorization"}},
        {"singleHeader": {"name": "cookie"}},
        {"singleHeader": {"name": "referer"}},
        {"queryString": {}},
    ]


def test_what_was_refused_or_counted_is_logged_and_nothing_else() -> None:
    assert firewall().one(aws.wafv2.WebAclLoggingConfiguration).inputs["loggingFilter"] == {
        "defaultBehavior": "DROP",
        "filters": [
            {
                "behavior": "KEEP",
                "requirement": "MEETS_ANY",
                "conditions": [
                    {"actionCondition": {"action": action}} for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
                ],
            }
        ],
    }


def test_the_log_is_encrypted_kept_and_named_as_waf_wants() -> None:
    cloud = firewall()
    group = cloud.one(aws.cloudwatch.LogGroup).inputs
    logging = cloud.one(aws.wafv2.WebAclLoggingConfiguration)
    assert group["name"] == "aws-waf-logs-tmi-dev"
    assert (group["kmsKeyId"], group["retentionInDays"]) == ("arn:aws:kms:eu-west-1:111111111111:key/logs", 30)
    assert (logging.inputs["resourceArn"], logging.inputs["logDestinationConfigs"]) == (
        acl(cloud)["arn"],
        [group["arn"]],
    )


def test_log_delivery_may_write_before_it_has_to() -> None:
    cloud = firewall()
    policy = cloud.one(aws.cloudwatch.LogResourcePolicy)
    assert policy.name in cloud.one(aws.wafv2.WebAclLoggingConfiguration).dependencies


@pytest.mark.parametrize(
    ("cost", "settings"),
    [
        (1266, {}),
        (
            1364,
            {
                "countries": tuple(f"{first}{second}" for first in "ABCDE" for second in "ABCDEFGHIJ"),
                "networks": tuple(f"10.{number // 250}.{number % 250}.0/24" for number in range(1000)),
                "origins": tuple(f"https://ui-{number}.example.com" for number in range(10)),
                "body_limit_mib": 64,
            },
        ),
    ],
    ids=["two origins", "the largest settings"],
)
def test_it_stays_within_the_capacity_that_costs_nothing_extra(cost: int, settings: dict[str, Any]) -> None:
    assert capacity(acl(firewall(**settings))) == cost < FREE_CAPACITY
