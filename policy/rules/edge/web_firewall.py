"""Web firewall: in front of each balancer that the internet reaches, refusing rather than counting, and recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policy.graph import Graph, Resource
from policy.network.group_roles import BALANCERS
from policy.rule import Description, GraphRule, Severity, Violation
from policy.rules.data.buckets import BUCKETS
from policy.values import Plain, elements, read, show

_WEB_ACL: Final = "aws:wafv2/webAcl:WebAcl"
_RULE: Final = "aws:wafv2/webAclRule:WebAclRule"
_ASSOCIATION: Final = "aws:wafv2/webAclAssociation:WebAclAssociation"
_LOGGING: Final = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
_LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
_DESTINATIONS: Final = frozenset({_LOG_GROUP, "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", *BUCKETS})
_LOG_PREFIX: Final = "aws-waf-logs-"
"""How a log destination's name must begin. Source: AWS WAF Developer Guide, logging destinations."""

_MANAGED: Final = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
)
_REDACTED: Final = ("authorization", "cookie")
_METRICS: Final = "cloudwatchMetricsEnabled"


def balancers_behind_web_acl(graph: Graph) -> Iterator[Violation]:
    """Each application load balancer that is not internal has a web ACL of the stack, and is shut while that fails."""
    for balancer in graph.of_type(*BALANCERS):
        if balancer.get("loadBalancerType") not in (None, "application"):
            continue
        if balancer.get("enableWafFailOpen") not in (None, False):  # absent: false
            shown = show(balancer.get("enableWafFailOpen"))
            yield Violation(balancer, f"enableWafFailOpen is {shown}; it must be false")
        if balancer.get("internal") is True:  # absent: on the internet
            continue
        associations = graph.referring(balancer, "resourceArn", _ASSOCIATION)
        if not any(graph.references(each, "webAclArn", {_WEB_ACL}) for each in associations):
            yield Violation(balancer, "it is on the internet, and no web ACL of this stack is associated with it")


def web_acls_refuse(graph: Graph) -> Iterator[Violation]:
    """Each web ACL refuses by AWS's four groups and by a rate; a rule that only counts refuses nothing."""
    for acl in graph.of_type(_WEB_ACL):
        rules = _rules(graph, acl)
        managed = [_managed_group(rule) for rule in rules]
        for name in _MANAGED:
            if name not in managed:
                yield Violation(acl, f"no rule of it refuses by {name}")
        if not any(_limits_rate(rule) for rule in rules):
            yield Violation(acl, "no rule of it refuses by rate")


def _rules(graph: Graph, acl: Resource) -> list[Plain]:
    """The rules of a web ACL, its own and those declared beside it; `ruleJson` is not read, so it proves nothing."""
    return [*elements(acl.get("rules")), *(each.properties for each in graph.referring(acl, "webAclArn", _RULE))]


def _managed_group(rule: Plain) -> Plain:
    """The group of AWS's that a rule refuses by, whatever the request: no scope narrows it, no override counts it."""
    group = read(rule, "statement", "managedRuleGroupStatement")
    refuses = read(rule, "overrideAction", "none") is not None and read(rule, "overrideAction", "count") is None
    if refuses and read(group, "vendorName") == "AWS" and read(group, "scopeDownStatement") is None:
        return read(group, "name")
    return None


def _limits_rate(rule: Plain) -> bool:
    limit = read(rule, "statement", "rateBasedStatement", "limit")
    return isinstance(limit, int) and read(rule, "action", "block") is not None


def web_acls_without_shortcuts(graph: Graph) -> Iterator[Violation]:
    """No rule lets a request in before AWS's groups have seen it, and none of theirs is turned into such a one."""
    for acl in graph.of_type(_WEB_ACL):
        rules = _rules(graph, acl)
        groups = [each for each in rules if read(each, "statement", "managedRuleGroupStatement") is not None]
        last = max((rank for each in groups if isinstance(rank := read(each, "priority"), int)), default=None)
        for each in rules:
            rank = read(each, "priority")
            early = not isinstance(rank, int) or last is None or rank < last
            if read(each, "action", "allow") is not None and early:
                yield Violation(acl, "a rule of it allows what comes, and no later rule sees that request")
        for each in groups:
            overrides = elements(read(each, "statement", "managedRuleGroupStatement", "ruleActionOverrides"))
            if any(read(override, "actionToUse", "allow") is not None for override in overrides):
                yield Violation(acl, "ruleActionOverrides turns a rule of AWS's that refuses into one that allows")


def web_acls_recorded(graph: Graph) -> Iterator[Violation]:
    """Each web ACL is logged to a destination of the stack, without credentials, and it and its rules are measured."""
    for acl in graph.of_type(_WEB_ACL):
        measured = [read(each, "visibilityConfig", _METRICS) for each in (acl.properties, *_rules(graph, acl))]
        if any(value is not True for value in measured):
            yield Violation(acl, f"visibilityConfig.{_METRICS} must be true, its own and of each rule")
        configurations = graph.referring(acl, "resourceArn", _LOGGING)
        if not configurations:
            yield Violation(acl, "it is not logged")
        for each in configurations:
            yield from _unrecorded(graph, each)


def _unrecorded(graph: Graph, configuration: Resource) -> Iterator[Violation]:
    destinations = graph.references(configuration, "logDestinationConfigs", _DESTINATIONS)
    if not destinations:
        yield Violation(configuration, "logDestinationConfigs must name a destination of this stack")
    for group in destinations:
        name = group.get("name")
        if group.type == _LOG_GROUP and not (isinstance(name, str) and name.startswith(_LOG_PREFIX)):
            yield Violation(group, f"name must begin with {_LOG_PREFIX}, or WAF does not take it")
    kept = [
        read(condition, "actionCondition", "action")
        for each in elements(configuration.get("loggingFilter", "filters"))
        if read(each, "behavior") == "KEEP"
        for condition in elements(read(each, "conditions"))
    ]
    if configuration.get("loggingFilter", "defaultBehavior") not in (None, "KEEP"):  # absent: everything is logged
        for action in ("BLOCK", "COUNT"):
            if action not in kept:
                yield Violation(configuration, f"loggingFilter must keep what a rule answers with {action}")
    redacted = [read(field, "singleHeader", "name") for field in elements(configuration.get("redactedFields"))]
    for header in _REDACTED:
        if header not in redacted:
            yield Violation(configuration, f"redactedFields must hold the header {header}")


BALANCERS_BEHIND_WEB_ACL: Final = GraphRule(
    about=Description(
        id="balancers-behind-web-acl",
        title="A web ACL stands before each load balancer on the internet",
        severity=Severity.HIGH,
        frameworks=("FSBP ELB.16", "WA SEC05"),
        why="Floods and known attacks would reach the pods, of which TMI can have but one that matters.",
        remediation="Associate a web ACL of the stack with the load balancer, and leave enableWafFailOpen off.",
    ),
    check=balancers_behind_web_acl,
)
WEB_ACLS_REFUSE: Final = GraphRule(
    about=Description(
        id="web-acls-refuse",
        title="Web ACLs refuse known attacks and floods",
        severity=Severity.HIGH,
        frameworks=("FSBP WAF.10", "WA SEC05"),
        why="An empty web ACL, or one that counts, satisfies whoever asks for one and stops nobody.",
        remediation=f"Declare {', '.join(_MANAGED)} with overrideAction none and no scopeDownStatement, and a "
        "rateBasedStatement with action block, under rules.",
    ),
    check=web_acls_refuse,
)
WEB_ACLS_WITHOUT_SHORTCUTS: Final = GraphRule(
    about=Description(
        id="web-acls-without-shortcuts",
        title="No rule of a web ACL lets requests past the others",
        severity=Severity.HIGH,
        frameworks=("WA SEC05",),
        why="A rule that allows ends the judgement, and what it looks at is in the hands of whoever sends the request.",
        remediation="Let a rule label or count what it knows, or put it behind AWS's groups by its priority.",
    ),
    check=web_acls_without_shortcuts,
)
WEB_ACLS_RECORDED: Final = GraphRule(
    about=Description(
        id="web-acls-recorded",
        title="Web ACLs are logged without credentials, and measured",
        severity=Severity.MEDIUM,
        frameworks=("FSBP WAF.11", "FSBP WAF.12"),
        why="A refusal nobody sees is a user locked out, or an attack that goes on; a log of tokens is a way in.",
        remediation="Declare a logging configuration to a destination named aws-waf-logs-…, redact authorization and "
        "cookie, and turn on cloudwatchMetricsEnabled everywhere.",
    ),
    check=web_acls_recorded,
)
