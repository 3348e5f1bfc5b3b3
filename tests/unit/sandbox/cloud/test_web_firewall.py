from __future__ import annotations

import pytest

from sandbox.cloud.aws import Aws
from sandbox.cloud.backend import ProviderSettings
from sandbox.cloud.checks import WANTED, run_checks
from sandbox.cloud.outputs.making import Place
from sandbox.cloud.values import UNKNOWN, Value
from sandbox.cloud.world import Resource
from tests.unit.sandbox.cloud.making import resource, world

WEB_ACL = "aws:wafv2/webAcl:WebAcl"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
SETTINGS = ProviderSettings(Place("111111111111", "eu-west-1"))
GEO: Value = {"geoMatchStatement": {"countryCodes": ["DE"]}}
GROUP: Value = {"managedRuleGroupStatement": {"name": "AWSManagedRulesCommonRuleSet", "vendorName": "AWS"}}
TOO_LONG = "byteMatchStatement.searchString: must have 1 to 200 bytes"
BLOCK: Value = {"block": {}}
LONG: Value = {"byteMatchStatement": {"searchString": "x" * 201}}


def refused(wanted: Resource) -> list[str]:
    return [str(failure) for failure in run_checks(WANTED, wanted, world())]


def acl(*rules: dict[str, Value]) -> Resource:
    bodies: Value = [{"key": "forbidden", "content": "{}", "contentType": "APPLICATION_JSON"}]
    return resource(WEB_ACL, scope="REGIONAL", customResponseBodies=bodies, rules=list(rules))


def rule(statement: Value, priority: float = 1.0, **action: Value) -> dict[str, Value]:
    return {"name": "r", "priority": priority, "statement": statement, **(action or {"action": BLOCK})}


def logging(*destinations: str) -> Resource:
    return resource(LOGGING, resourceArn="acl", logDestinationConfigs=list(destinations))


def pattern(length: int) -> Value:
    return {"regexMatchStatement": {"regexString": "x" * length}}


def rate(limit: float = 100.0, window: float = 300.0, **inner: Value) -> Value:
    return {"rateBasedStatement": {"limit": limit, "evaluationWindowSec": window, **inner}}


def test_a_sound_web_acl_is_taken() -> None:
    assert (
        refused(
            acl(
                rule({"notStatement": {"statement": {"orStatement": {"statements": [GEO, pattern(512)]}}}}, 1.0),
                rule(rate(10.0, scopeDownStatement=pattern(1)), 2.0),
                rule(GROUP, 3.0, overrideAction={"none": {}}),
                rule(GEO, 4.0, action={"block": {"customResponse": {"customResponseBodyKey": "forbidden"}}}),
                rule(UNKNOWN, 5.0),
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"orStatement": {"statements": [GEO]}}, "orStatement.statements: must hold two statements at least, not 1"),
        ({"andStatement": {"statements": []}}, "andStatement.statements: must hold two statements at least, not 0"),
        (pattern(513), "regexMatchStatement.regexString: must have 1 to 512 bytes"),
        (pattern(0), "regexMatchStatement.regexString: must have 1 to 512 bytes"),
        (LONG, TOO_LONG),
        (rate(9.0), "rateBasedStatement.limit: must be 10 to 2,000,000,000 requests"),
        (rate(window=301.0), "rateBasedStatement.evaluationWindowSec: must be one of 60, 120, 300, 600"),
        (
            rate(scopeDownStatement=pattern(513)),
            "rateBasedStatement.scopeDownStatement.regexMatchStatement.regexString: must have 1 to 512 bytes",
        ),
        (
            {"andStatement": {"statements": [GEO, {"notStatement": {"statement": LONG}}]}},
            f"andStatement.statements[1].notStatement.statement.{TOO_LONG}",
        ),
    ],
)
def test_a_statement_beyond_the_limits_is_refused(statement: Value, message: str) -> None:
    assert refused(acl(rule(statement))) == [f"rules[0].statement.{message}"]


def test_two_rules_of_one_priority_are_refused() -> None:
    assert refused(acl(rule(GEO), rule(GEO, 2.0), rule(GEO))) == [
        "rules[2].priority: 1 is the priority of rules[0] too; they must all differ"
    ]


@pytest.mark.parametrize(
    ("wrong", "wants", "other"),
    [
        (rule(GROUP), "overrideAction", "action"),
        (rule(GEO, overrideAction={"none": {}}), "action", "overrideAction"),
        (rule(GEO, action=BLOCK, overrideAction={"none": {}}), "action", "overrideAction"),
        ({"name": "r", "priority": 1.0, "statement": GEO}, "action", "overrideAction"),
    ],
)
def test_the_kind_of_action_follows_the_statement(wrong: dict[str, Value], wants: str, other: str) -> None:
    assert refused(acl(wrong)) == [
        f"rules[0]: must have {wants} and no {other}: the latter is for rules with another kind of statement"
    ]


def test_an_answer_without_its_body_is_refused() -> None:
    action: Value = {"block": {"customResponse": {"customResponseBodyKey": "too_large"}}}
    assert refused(acl(rule(GEO, action=action))) == [
        "rules[0].action.block.customResponse.customResponseBodyKey: there is no 'too_large' among customResponseBodies"
    ]


@pytest.mark.parametrize(
    ("destination", "taken"),
    [
        ("logs:eu-west-1:111111111111:log-group:aws-waf-logs-tmi", True),
        ("logs:eu-west-1:111111111111:log-group:waf/aws-waf-logs-tmi", False),
        ("logs:eu-west-1:111111111111:log-group:/tmi/web-firewall", False),
        ("firehose:eu-west-1:111111111111:deliverystream/aws-waf-logs-tmi", True),
        ("firehose:eu-west-1:111111111111:deliverystream/tmi", False),
        ("s3:::aws-waf-logs-tmi", True),
        ("s3:::tmi-aws-waf-logs-", False),
    ],
)
def test_the_name_of_a_destination_says_what_it_is_for(destination: str, taken: bool) -> None:  # noqa: FBT001 -- a column
    arn = f"arn:aws:{destination}"
    there = world(existing=(arn,))
    failures = [str(failure) for failure in run_checks(WANTED, logging(arn), there)]
    message = "logDestinationConfigs[0]: the name of the destination must begin with aws-waf-logs-"
    assert failures == ([] if taken else [message])


def test_a_log_goes_to_one_place() -> None:
    assert refused(resource(LOGGING, logDestinationConfigs=[])) == [
        "logDestinationConfigs: must name one destination, not 0"
    ]
    assert refused(resource(LOGGING, logDestinationConfigs=UNKNOWN)) == []


@pytest.mark.parametrize(
    ("token", "scope", "arn"),
    [
        (WEB_ACL, "REGIONAL", "eu-west-1:111111111111:regional/webacl/edge/"),
        ("aws:wafv2/ipSet:IpSet", "REGIONAL", "eu-west-1:111111111111:regional/ipset/edge/"),
        ("aws:wafv2/ipSet:IpSet", "CLOUDFRONT", "eu-west-1:111111111111:global/ipset/edge/"),
    ],
)
def test_arns_say_scope_and_name(token: str, scope: str, arn: str) -> None:
    made = Aws().create(resource(token, scope=scope, name="edge"), world(), SETTINGS)
    assert made.outputs["arn"] == f"arn:aws:wafv2:{arn}{made.id}"


def test_what_belongs_to_a_web_acl_is_identified_by_it() -> None:
    association = resource("aws:wafv2/webAclAssociation:WebAclAssociation", webAclArn="acl", resourceArn="balancer")
    assert Aws().create(association, world(), SETTINGS).id == "acl,balancer"
    assert Aws().create(resource(LOGGING, resourceArn="acl"), world(), SETTINGS).id == "acl"
